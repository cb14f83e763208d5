//! A terminal command that speaks JSON lines.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, Stdio},
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
        let mut child = program()
            .args(words)
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
            if wanted
                .as_object()
                .unwrap()
                .iter()
                .all(|(name, value)| event[name] == *value)
            {
                return event;
            }
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

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
