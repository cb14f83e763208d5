//! A person at a real terminal: the prompt shows whom a line reaches, and what comes in never lands inside it.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::fd::OwnedFd,
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use crate::support::{PATIENCE, Partner, Running, Terminal, free_port, open, program};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;

/// A program at a terminal of its own, killed when it is dropped.
struct AtTerminal {
    child: Child,
    keyboard: File,
    told: Receiver<Vec<u8>>,
    /// Everything that it has shown.
    shown: String,
    /// Up to where it was looked at.
    seen: usize,
}

impl AtTerminal {
    fn start(words: &[String]) -> Self {
        let own = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&own).unwrap();
        unlockpt(&own).unwrap();
        let name = ptsname(&own, Vec::new()).unwrap();
        let path = name.to_str().unwrap();
        let end = || {
            let file = File::options().read(true).write(true).open(path).unwrap();
            Stdio::from(OwnedFd::from(file))
        };
        let child = program()
            .args(words)
            .env("TERM", "xterm")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        let keyboard = File::from(own);
        let mut screen = keyboard.try_clone().unwrap();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = screen.read(&mut buffer) {
                if tell.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            keyboard,
            told,
            shown: String::new(),
            seen: 0,
        }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until something is shown behind what was seen last, and returns everything up to it.
    fn see(&mut self, wanted: &str) -> String {
        let (from, end) = (self.seen, Instant::now() + PATIENCE);
        loop {
            if let Some(place) = self.shown[from..].find(wanted) {
                self.seen = from + place + wanted.len();
                return self.shown[from..self.seen].to_owned();
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.told.recv_timeout(left) else {
                panic!("no {wanted:?} in {:?}", self.shown);
            };
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

impl Drop for AtTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn say(customer: &mut Terminal, text: &str) {
    customer.say(text);
    customer.wait_for(&json!({ "event": "status", "status": "sent" }));
}

#[test]
fn a_line_reaches_whom_the_prompt_names_and_nothing_lands_inside_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut desk = open(&partner.link(&["--chat", "Desk"])).ready();
    let mut seven = open(&partner.link(&["--chat", "Desk 7"])).ready();
    say(&mut desk, "I am the guest of Desk");
    say(&mut seven, "I am the guest of Desk 7");
    let mut agent = AtTerminal::start(&partner.attending());
    agent.see("(to nobody");
    agent.see("guest of Desk 7");
    agent.press("for whom?\r");
    agent.see("Nobody is named");
    agent.see("(to nobody");
    agent.press("/help\r");
    agent.see("/chats");
    agent.see("(to nobody");
    agent.press("/to Desk 7\r");
    agent.see("Desk 7> ");
    agent.press("your PIN ");
    agent.see("your PIN ");
    // A message comes in while a line is half typed: it stands above, and the line is drawn anew.
    say(&mut desk, "what about me?");
    let shown = agent.see("what about me?");
    assert!(
        shown.contains("[Desk] customer: what about me?"),
        "{shown:?}"
    );
    agent.see("your PIN ");
    agent.press("is 4711\r");
    seven.wait_for(&json!({ "event": "message", "text": "your PIN is 4711" }));
    agent.see("Desk 7> ");

    agent.press("\u{1b}[200~one\ntwo\n  three\u{1b}[201~");
    agent.see("three");
    agent.press("\r");
    seven.wait_for(&json!({ "event": "message", "text": "one\ntwo\n  three" }));
    agent.see("Desk 7> ");
    agent.press("//help\r");
    seven.wait_for(&json!({ "event": "message", "text": "/help" }));
    agent.see("Desk 7> ");
    assert_eq!(
        seven.texts(),
        ["your PIN is 4711", "one\ntwo\n  three", "/help"]
    );
    assert_eq!(desk.texts(), Vec::<&str>::new());
    agent.press("\u{4}");
    assert_eq!(
        agent.child.wait().unwrap().code(),
        Some(1),
        "one line went to nobody"
    );
}

#[test]
fn what_people_write_has_no_power_over_the_terminal_and_ctrl_c_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&["--chat", "c"]);
    let words = ["chat", "open", link["secureUrl"].as_str().unwrap()];
    let mut customer = AtTerminal::start(&words.map(str::to_owned));
    customer.see("> ");
    let mut agent = partner.attend(&["--chat", "c"]).ready();
    agent.say(&json!({ "text": "\u{1b}]0;owned\u{7}\u{1b}[2Jred\rover" }).to_string());
    let shown = customer.see("over");
    assert!(
        !shown.contains("\u{1b}]0;")
            && !shown.contains("\u{1b}[2J")
            && !shown.contains("red\rover"),
        "{shown:?}"
    );
    customer.press("half a line\u{3}");
    assert_eq!(customer.child.wait().unwrap().code(), Some(0));
}
