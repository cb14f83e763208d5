//! A terminal command that speaks JSON lines.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use serde_json::{Value, json};

use super::{PATIENCE, program};

/// A running command, killed when it is dropped.
pub(crate) struct Terminal {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
    /// Every event so far.
    pub(crate) events: Vec<Value>,
}

impl Terminal {
    /// Starts a command.
    pub(crate) fn start(words: &[&str]) -> Self {
        Self::start_with(words, &[])
    }

    /// The same with variables of its environment.
    pub(crate) fn start_with(words: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = program()
            .args(words)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (told, lines) = mpsc::channel();
        let output = child.stdout.take().unwrap();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if told
                    .send(serde_json::from_str(&line).unwrap_or(Value::String(line)))
                    .is_err()
                {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self {
            child,
            input,
            lines,
            events: Vec::new(),
        }
    }

    /// Waits for an event that has these members, among those to come.
    pub(crate) fn wait_for(&mut self, wanted: &Value) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(event) = self.lines.recv_timeout(left) else {
                let errors = self.errors();
                panic!("no {wanted} came; {:#?}\n{errors}", self.events);
            };
            self.events.push(event.clone());
            if matches(&event, wanted) {
                return event;
            }
        }
    }

    /// Waits for an event that has these members, unless it came already: where the order of two is nobody's promise.
    pub(crate) fn have(&mut self, wanted: &Value) {
        if !self.events.iter().any(|event| matches(event, wanted)) {
            self.wait_for(wanted);
        }
    }

    /// Waits until it is ready.
    pub(crate) fn ready(mut self) -> Self {
        self.wait_for(&json!({ "event": "ready" }));
        self
    }

    /// Writes a line.
    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Ends the input and waits until it leaves. Returns its exit status.
    pub(crate) fn end(&mut self) -> Option<i32> {
        drop(self.input.take());
        let status = self.child.wait().unwrap();
        self.events.extend(self.lines.iter());
        status.code()
    }

    /// Sends a signal, and waits until it has ended. Returns its exit status.
    pub(crate) fn signal(&mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        self.events.extend(self.lines.iter());
        status.code()
    }

    /// Ends it as a loss of power would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The texts of every message so far.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let messages = self
            .events
            .iter()
            .filter(|event| event["event"] == "message");
        messages
            .map(|event| event["text"].as_str().unwrap())
            .collect()
    }

    /// How many own messages came this far.
    pub(crate) fn count_status(&self, status: &str) -> usize {
        self.events
            .iter()
            .filter(|event| event["event"] == "status" && event["status"] == status)
            .count()
    }

    fn errors(&mut self) -> String {
        let _ = self.child.kill();
        let mut errors = String::new();
        if let Some(mut stream) = self.child.stderr.take() {
            let _ = stream.read_to_string(&mut errors);
        }
        errors
    }
}

/// Whether an event has these members.
fn matches(event: &Value, wanted: &Value) -> bool {
    let mut members = wanted.as_object().unwrap().iter();
    members.all(|(name, value)| event[name] == *value)
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
