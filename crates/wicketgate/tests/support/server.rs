//! A server as a process.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use super::{PATIENCE, SETUP_TOKEN, program};

/// A running server, killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    port: u16,
    log: Arc<Log>,
}

/// Everything that a server has logged.
#[derive(Default)]
struct Log {
    text: Mutex<String>,
    grown: Condvar,
}

impl Log {
    fn push(&self, line: &str) {
        let mut text = self.text.lock().unwrap();
        text.push_str(line);
        text.push('\n');
        self.grown.notify_all();
    }

    /// Waits until it holds these words.
    fn holds(&self, words: &str) -> bool {
        let text = self.text.lock().unwrap();
        let lacks = |text: &mut String| !text.contains(words);
        let (text, _) = self
            .grown
            .wait_timeout_while(text, PATIENCE, lacks)
            .unwrap();
        text.contains(words)
    }
}

impl Running {
    /// Starts a server on a port with its database in a folder, and waits until it listens.
    pub(crate) fn start(folder: &Path, port: u16) -> Self {
        Self::start_with(folder, port, &[])
    }

    /// The same with further flags.
    pub(crate) fn start_with(folder: &Path, port: u16, flags: &[&str]) -> Self {
        let running = Self::begin(program(), folder, port, flags);
        running.until_logged("\"listening\"");
        running
    }

    /// The same by another way to start the program, and without waiting for anything.
    pub(crate) fn begin(mut program: Command, folder: &Path, port: u16, flags: &[&str]) -> Self {
        let mut child = program
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .args([
                "--database",
                &format!("sqlite:{}", folder.join("wicketgate.db").display()),
            ])
            .args(flags)
            .env("WICKETGATE_SETUP_TOKEN", SETUP_TOKEN)
            .env("RUST_LOG", "debug")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Log::default());
        let (errors, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                kept.push(&line);
            }
        });
        Self { child, port, log }
    }

    /// Waits until the log holds these words.
    pub(crate) fn until_logged(&self, words: &str) {
        let logged = self.log.holds(words);
        assert!(logged, "{words} was not logged:\n{}", self.log());
    }

    /// Sends it a signal by its short name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended. Returns its exit status.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// The address that clients use.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The port that it listens on.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// What was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    /// Ends it as a loss of power would: no signal that it could act upon. Returns its log.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log()
    }

    /// Asks it to stop, as an operator does, and waits until it has. Returns its exit status.
    pub(crate) fn stop(mut self) -> Option<i32> {
        self.signal("TERM");
        self.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
