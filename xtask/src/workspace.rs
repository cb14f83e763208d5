//! The working copy, and how other programs are run in it.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// How long a program may take to end by itself once it was told to.
const GRACE: Duration = Duration::from_secs(10);

/// Where everything lies, and until when programs may run.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    deadline: Option<Instant>,
}

/// How a program ended and what it said, its two streams as they came.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: ExitStatus,
    pub(crate) text: String,
}

impl Workspace {
    /// Asks Cargo where the workspace and its target folder are.
    pub(crate) fn find() -> Result<Self> {
        #[derive(Deserialize)]
        struct Folders {
            workspace_root: PathBuf,
            target_directory: PathBuf,
        }
        let mut command = clean(Command::new("cargo"));
        command.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
        let folders: Folders = serde_json::from_str(&capture(&mut command)?)?;
        Ok(Self {
            root: folders.workspace_root,
            target: folders.target_directory,
            deadline: None,
        })
    }

    /// The same, where no program runs past `deadline`.
    pub(crate) fn until(self, deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where Cargo puts what it builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The pages' folder.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The folder of the generated clients' tests.
    pub(crate) fn clients(&self) -> PathBuf {
        self.root.join("clients")
    }

    /// A program to be run at the root, with no input.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = clean(Command::new(program));
        command.current_dir(&self.root);
        command
    }

    /// `npm` with these arguments in the pages' folder.
    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("npm");
        command.args(arguments).current_dir(self.web());
        command
    }

    /// Runs a program that speaks for itself; anything but success is an error.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        announce(command);
        let mut child = spawn(command)?;
        succeeded(command, self.wait(&mut child)?)
    }

    /// Runs a program, shows what it says and hands it back.
    pub(crate) fn run_and_keep(&self, command: &mut Command) -> Result<Said> {
        announce(command);
        let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let text = Mutex::new(String::new());
        let status = thread::scope(|scope| {
            if let Some(stdout) = stdout {
                scope.spawn(|| pass_on(stdout, io::stdout(), &text));
            }
            if let Some(stderr) = stderr {
                scope.spawn(|| pass_on(stderr, io::stderr(), &text));
            }
            self.wait(&mut child)
        })?;
        let text = text.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Said { status, text })
    }

    /// Waits for the end, which is brought about at the deadline.
    fn wait(&self, child: &mut Child) -> Result<ExitStatus> {
        let mut told = false;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            let late = self.deadline.map(|deadline| deadline.elapsed());
            match late {
                Some(late) if late > GRACE => child.kill()?,
                Some(late) if !late.is_zero() && !told => {
                    told = true;
                    eprintln!("Out of time: ending what still runs.");
                    let order = format!("kill -TERM {}", child.id());
                    Command::new("sh").args(["-c", &order]).status()?;
                }
                _ => {}
            }
            thread::sleep(LOOK);
        }
    }
}

/// Runs a program silently and returns its standard output; anything but success is an error that holds what it said.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", line(command), said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` wrote no UTF-8", line(command)))
}

/// Anything but success is an error that names the program.
pub(crate) fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Where a program of this name is on the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Takes away what `cargo run` told this program about its own package: build scripts that watch those variables would
/// run again, and with them half of the build.
fn clean(mut command: Command) -> Command {
    const OURS: [&str; 4] = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
    ];
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if OURS.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name.as_ref());
        }
    }
    command.stdin(Stdio::null());
    command
}

fn spawn(command: &mut Command) -> Result<Child> {
    command
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))
}

fn announce(command: &Command) {
    println!("$ {}", line(command));
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

/// Copies a stream line by line. A stream that breaks ends the copy: the program's own status tells the rest.
fn pass_on(from: impl Read, mut to: impl Write, kept: &Mutex<String>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while matches!(from.read_until(b'\n', &mut line), Ok(1..)) {
        drop(to.write_all(&line));
        kept.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(workspace: &Workspace, script: &str) -> Said {
        let mut command = workspace.command("sh");
        workspace
            .run_and_keep(command.args(["-c", script]))
            .unwrap()
    }

    #[test]
    fn what_a_program_says_is_kept_and_its_status_too() {
        let said = shell(
            &Workspace::find().unwrap(),
            "echo out; echo err >&2; exit 3",
        );
        assert!(said.text.contains("out\n") && said.text.contains("err\n"));
        assert_eq!(said.status.code(), Some(3));
    }

    #[test]
    fn programs_do_not_hear_of_our_own_package() {
        assert!(env::var_os("CARGO_PKG_NAME").is_some());
        let said = shell(
            &Workspace::find().unwrap(),
            "echo ${CARGO_PKG_NAME-nothing}",
        );
        assert_eq!(said.text, "nothing\n");
    }

    #[test]
    fn the_deadline_ends_a_program() {
        let workspace = Workspace::find().unwrap().until(Instant::now());
        let said = shell(&workspace, "exec sleep 600");
        assert!(!said.status.success());
    }
}
