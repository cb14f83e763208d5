//! Builds the web pages, so that `cargo run` is the whole set-up, and lists their files for the program to embed.

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The oldest Node that the pages' build runs on, as major and minor version.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Made from the API's description by the pages' build itself.
const GENERATED: &str = "types.gen.ts";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(&format!("error={}", sentence.replace('\n', " ")));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let root = variable("CARGO_MANIFEST_DIR")?.join("../..");
    let (web, out) = (root.join("web"), variable("OUT_DIR")?);
    watch(&root, &web)?;
    check_node()?;
    let lock_file = web.join("package-lock.json");
    let held = File::open(&lock_file).map_err(|error| cannot("read", &lock_file, &error))?;
    // `cargo xtask` installs the same packages under the same lock.
    held.lock()
        .map_err(|error| cannot("lock", &lock_file, &error))?;
    install(&web, &lock_file)?;
    let pages = out.join("web");
    let mut vite = npm(&web);
    vite.args(["run", "--silent", "build"])
        .env("WICKETGATE_WEB_OUT", &pages);
    run(&mut vite, "the web pages could not be built")?;
    list(&pages, &out.join("web_files.rs"))
}

/// Names every source file. A new one matters only once an old one imports it, so folders need not be watched; and the
/// generated file, written after this script began, must not call for another run.
fn watch(root: &Path, web: &Path) -> Result<(), String> {
    let mut files = vec![root.join("docs/api/openapi.json")];
    for name in ["package.json", "package-lock.json", "vite.config.ts"] {
        files.push(web.join(name));
    }
    for folder in ["src", "scripts", "public"] {
        collect(&web.join(folder), &mut files)?;
    }
    for file in files.iter().filter(|file| !file.ends_with(GENERATED)) {
        say(&format!("rerun-if-changed={}", file.display()));
    }
    say("rerun-if-changed=build.rs");
    Ok(())
}

fn check_node() -> Result<(), String> {
    let (major, minor) = OLDEST_NODE;
    let needed = format!("Node {major}.{minor} or newer is needed to build the web pages");
    let said = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|_| format!("{needed}, and no `node` was found on the PATH."))?;
    let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    let mut numbers = said
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < OLDEST_NODE {
        return Err(format!("{needed}, and `node --version` says {said}."));
    }
    Ok(())
}

/// Installs the packages where the lock file has changed since the last time.
fn install(web: &Path, lock_file: &Path) -> Result<(), String> {
    let wanted = fs::read(lock_file).map_err(|error| cannot("read", lock_file, &error))?;
    let stamp = web.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut install = npm(web);
    install.args(["ci", "--no-audit", "--no-fund"]);
    run(
        &mut install,
        "the web pages' packages could not be installed",
    )?;
    fs::write(&stamp, wanted).map_err(|error| cannot("write", &stamp, &error))
}

/// Writes a Rust array of every file that was built: its name below the folder, and its bytes.
fn list(pages: &Path, target: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    collect(pages, &mut files)?;
    files.sort();
    let mut source = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(pages).unwrap_or(file);
        let name = name.to_string_lossy().replace('\\', "/");
        let path = file.to_string_lossy();
        writeln!(source, "    ({name:?}, include_bytes!({path:?})),")
            .map_err(|error| error.to_string())?;
    }
    source.push_str("]\n");
    fs::write(target, source).map_err(|error| cannot("write", target, &error))
}

/// Adds every file below a folder; none where it doesn't exist.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot("read", folder, &error)),
    };
    for entry in entries {
        let path = entry
            .map_err(|error| cannot("read", folder, &error))?
            .path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn npm(web: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(web);
    npm
}

fn run(command: &mut Command, failure: &str) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{failure}: `npm` can't be started ({error})."))?;
    if output.status.success() {
        return Ok(());
    }
    // What npm and vite said goes to the terminal as it is; the sentence comes after it.
    let mut terminal = io::stderr();
    let _ = terminal.write_all(&output.stdout);
    let _ = terminal.write_all(&output.stderr);
    Err(format!("{failure}; what npm said stands above."))
}

fn variable(name: &str) -> Result<PathBuf, String> {
    env::var_os(name)
        .map(PathBuf::from)
        .ok_or_else(|| format!("cargo did not set {name}"))
}

fn cannot(verb: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {verb} {}: {error}", path.display())
}

/// Tells cargo something.
fn say(instruction: &str) {
    let _ = writeln!(io::stdout(), "cargo::{instruction}");
}
