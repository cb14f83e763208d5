//! The modules of a crate and what each of them names of the others, read from its sources.
//!
//! A module is a file. What it names is what its `use` trees and its paths begin with `crate`, `super` or `self`,
//! also inside macros; text, comments and what is compiled for tests alone do not count. Names that come through a
//! `use` of another module count as what they stand for; those that come through a `*` as the module that has it.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The names of a module, from the root of its crate on; none for the root itself.
pub(super) type ModulePath = Vec<String>;

/// The names of a path in the source.
type Named = Vec<String>;

/// So often a name that stands for another is followed.
const REEXPORTS: usize = 8;

/// The modules of a crate.
#[derive(Debug, Default)]
pub(super) struct Modules(BTreeMap<ModulePath, Module>);

/// What one file says of others.
#[derive(Debug, Default)]
struct Module {
    /// Every path that it names.
    named: Vec<Named>,
    /// What its imports are called here, and what they stand for.
    imports: BTreeMap<String, Named>,
    /// Its children that are files of their own.
    children: Vec<String>,
}

impl Modules {
    /// Reads a crate from its first file on. `source` gives the text of a file, if there is one.
    ///
    /// # Errors
    /// Where a file is missing or is no Rust.
    pub(super) fn read(root: &Path, source: &dyn Fn(&Path) -> Option<String>) -> Result<Self> {
        let mut modules = Self::default();
        let folder = root.parent().unwrap_or(Path::new(""));
        let mut waiting = vec![(ModulePath::new(), root.to_owned(), folder.to_owned())];
        while let Some((path, file, folder)) = waiting.pop() {
            let module = Module::parse(&file, source)?;
            for child in &module.children {
                let (file, below) = (folder.join(format!("{child}.rs")), folder.join(child));
                let file = [file, below.join("mod.rs")]
                    .into_iter()
                    .find(|file| source(file).is_some())
                    .with_context(|| format!("{child} has no file in {}", folder.display()))?;
                waiting.push((
                    [&path[..], std::slice::from_ref(child)].concat(),
                    file,
                    below,
                ));
            }
            modules.0.insert(path, module);
        }
        Ok(modules)
    }

    /// Which module names which other, each pair once.
    pub(super) fn arrows(&self) -> impl Iterator<Item = (&ModulePath, ModulePath)> {
        self.0.iter().flat_map(|(path, module)| {
            let mut named: Vec<_> = module
                .named
                .iter()
                .filter_map(|named| self.resolved(path, named, REEXPORTS))
                .collect();
            named.sort();
            named.dedup();
            named.into_iter().map(move |named| (path, named))
        })
    }

    /// The module in which a path ends that `from` names; none where it leads out of the crate.
    fn resolved(&self, from: &ModulePath, named: &[String], follow: usize) -> Option<ModulePath> {
        let (mut at, mut rest) = (from.clone(), named);
        if rest.first()? == "crate" {
            (at, rest) = (ModulePath::new(), &rest[1..]);
        } else if !["self", "super"].contains(&rest[0].as_str()) && !self.has(&at, &rest[0]) {
            return None;
        }
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "self" => {}
                "super" => drop(at.pop()),
                child if self.has(&at, child) => at.push(child.to_owned()),
                _ => break,
            }
            rest = others;
        }
        let stands_for = rest.first().and_then(|name| self.0[&at].imports.get(name));
        stands_for
            .filter(|_| follow > 0)
            .and_then(|named| self.resolved(&at, named, follow - 1))
            .or(Some(at))
    }

    fn has(&self, parent: &ModulePath, child: &str) -> bool {
        let children = self.0.get(parent).map(|module| &module.children);
        children.is_some_and(|children| children.iter().any(|known| known == child))
    }
}

impl Module {
    fn parse(file: &Path, source: &dyn Fn(&Path) -> Option<String>) -> Result<Self> {
        let text = source(file).with_context(|| format!("{} is missing", file.display()))?;
        let tokens: TokenStream = text
            .parse()
            .map_err(|error| anyhow!("{} can't be read: {error}", file.display()))?;
        let mut module = Self::default();
        module.take(tokens, 0);
        Ok(module)
    }

    /// Takes in tokens. `depth` counts the modules around them that are no files.
    fn take(&mut self, tokens: TokenStream, depth: usize) {
        let mut tokens = tokens.into_iter().peekable();
        let mut before = None;
        while let Some(token) = tokens.next() {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.peek()
                        && is_for_tests(attribute)
                    {
                        skip_item(&mut tokens);
                    }
                }
                TokenTree::Ident(word) if word == "mod" => self.take_module(&mut tokens, depth),
                TokenTree::Ident(word) if word == "use" && is_item(before.as_ref()) => {
                    let tree = tokens.by_ref().take_while(|token| !is_punct(token, ';'));
                    self.take_use(tree.collect(), depth);
                }
                TokenTree::Ident(word) if word == "crate" || word == "self" || word == "super" => {
                    let mut named = vec![word.to_string()];
                    named.extend(rest_of_path(&mut tokens));
                    if named.len() > 1 {
                        self.named.push(at_depth(named, depth));
                    }
                }
                TokenTree::Group(group) => self.take(group.stream(), depth),
                _ => {}
            }
            before = Some(token);
        }
    }

    fn take_module(
        &mut self,
        tokens: &mut Peekable<impl Iterator<Item = TokenTree>>,
        depth: usize,
    ) {
        let Some(TokenTree::Ident(name)) =
            tokens.next_if(|next| matches!(next, TokenTree::Ident(_)))
        else {
            return;
        };
        match tokens.next() {
            Some(TokenTree::Group(body)) => self.take(body.stream(), depth + 1),
            _ if depth == 0 => self.children.push(name.to_string()),
            _ => {}
        }
    }

    fn take_use(&mut self, tree: TokenStream, depth: usize) {
        let mut paths = Vec::new();
        flatten(&[], tree, &mut paths);
        for (named, name) in paths {
            let named = at_depth(named, depth);
            if depth == 0 {
                self.imports.insert(name, named.clone());
            }
            self.named.push(named);
        }
    }
}

/// The paths of a `use` tree, each with what it is called from there on.
fn flatten(prefix: &[String], tree: TokenStream, paths: &mut Vec<(Named, String)>) {
    let mut named = prefix.to_vec();
    let mut name = None;
    let mut tokens = tree.into_iter();
    let mut is_whole = true;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "as" => {
                name = tokens.next().map(|name| name.to_string());
            }
            TokenTree::Ident(word) if word == "self" && !named.is_empty() => {}
            TokenTree::Ident(word) => named.push(word.to_string()),
            TokenTree::Group(group) => {
                for branch in branches(group.stream()) {
                    flatten(&named, branch, paths);
                }
                is_whole = false;
            }
            // A leading `::` names another crate, a `*` whatever the module has.
            TokenTree::Punct(punct) if punct.as_char() == ':' && named.is_empty() => return,
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    if let Some(last) = named.last().cloned()
        && is_whole
    {
        paths.push((named, name.unwrap_or(last)));
    }
}

/// What stands between the commas.
fn branches(tree: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<_> = tree.into_iter().collect();
    tokens
        .split(|token| is_punct(token, ','))
        .map(|branch| branch.iter().cloned().collect())
        .collect()
}

/// The names behind the first one of a path.
fn rest_of_path(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>) -> Named {
    let mut named = Named::new();
    while tokens.next_if(|next| is_punct(next, ':')).is_some() {
        tokens.next_if(|next| is_punct(next, ':'));
        match tokens.next_if(|next| matches!(next, TokenTree::Ident(_))) {
            Some(name) => named.push(name.to_string()),
            None => break,
        }
    }
    named
}

/// A path as the file itself would write it: a `super` may lead out of a module that is no file.
fn at_depth(mut named: Named, depth: usize) -> Named {
    if depth == 0 || named.first().is_some_and(|first| first == "crate") {
        return named;
    }
    let ups = named.iter().take_while(|name| *name == "super").count();
    named.drain(..ups.min(depth));
    if ups <= depth {
        named.insert(0, "self".to_owned());
    }
    named
}

/// Whether `use` begins an item here. Elsewhere it is the list of what an opaque type captures.
fn is_item(before: Option<&TokenTree>) -> bool {
    !before.is_some_and(|before| is_punct(before, '+'))
}

/// Whether what stands under this attribute is compiled for tests alone.
fn is_for_tests(attribute: &Group) -> bool {
    let words = attribute.stream().to_string();
    let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.next() == Some("cfg")
        && words.clone().any(|word| word == "test")
        && !words.any(|word| word == "not")
}

/// Skips to the end of an item: a `;`, or a body.
fn skip_item(tokens: &mut impl Iterator<Item = TokenTree>) {
    for token in tokens {
        match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            token if is_punct(token, ';') => return,
            _ => {}
        }
    }
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// The text of a file of this disk.
pub(super) fn on_disk(file: &Path) -> Option<String> {
    std::fs::read_to_string(PathBuf::from(file)).ok()
}
