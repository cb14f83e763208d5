//! A server as a process.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use super::{PATIENCE, SETUP_TOKEN, program};

/// A running server, killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    port: u16,
    /// Everything that it has logged.
    log: Arc<Mutex<String>>,
}

impl Running {
    /// Starts a server on a port with its database in a folder, and waits until it listens.
    pub(crate) fn start(folder: &Path, port: u16) -> Self {
        Self::start_with(folder, port, &[])
    }

    /// The same with further flags.
    pub(crate) fn start_with(folder: &Path, port: u16, flags: &[&str]) -> Self {
        let mut child = program()
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
        let log = Arc::new(Mutex::new(String::new()));
        let (told, listening) = mpsc::channel();
        let (errors, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                if line.contains("\"listening\"") {
                    let _ = told.send(());
                }
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let running = Self { child, port, log };
        let started = listening.recv_timeout(PATIENCE).is_ok();
        assert!(started, "the server did not start:\n{}", running.log());
        running
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
        self.log.lock().unwrap().clone()
    }

    /// Ends it as a loss of power would: no signal that it could act upon. Returns its log.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log()
    }

    /// Asks it to stop, as an operator does, and waits until it has. Returns its exit status.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(
            std::process::Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
