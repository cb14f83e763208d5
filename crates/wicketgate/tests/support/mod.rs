//! The real program, started by tests: a server in a folder of its own, and terminals that speak JSON.

mod middleman;
mod narrow;
mod server;
mod swapped;
mod terminal;

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{self, Command, Output},
    time::Duration,
};

use serde_json::Value;

pub(crate) use middleman::{Middleman, Refusal};
pub(crate) use narrow::Narrow;
pub(crate) use server::Running;
pub(crate) use swapped::swapped;
pub(crate) use terminal::Terminal;

/// How long anything may take that should happen at once, on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The set-up token of the tests.
pub(crate) const SETUP_TOKEN: &str = "set-up-token-of-the-tests";

/// The password of the tests' agents.
pub(crate) const PASSWORD: &str = "seven lively otters juggle";

/// The program, without the settings of whoever runs the tests.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wicketgate"));
    // What bots remember stays with the tests.
    program.env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("WICKETGATE_") || name == "RUST_LOG" || name == "NO_COLOR" {
            program.env_remove(&*name);
        }
    }
    program
}

/// Runs the program to its end.
pub(crate) fn run(words: &[&str]) -> Output {
    program().args(words).output().unwrap()
}

/// A port that nobody listens on, below those that the system gives to connections: it stays free while a server is
/// down. Tests run in processes of their own, and each begins to look well apart from the next.
pub(crate) fn free_port() -> u16 {
    let start = process::id().wrapping_mul(37) % 10_000;
    (0..10_000)
        .filter_map(|step| u16::try_from(10_000 + (start + step) % 10_000).ok())
        .find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
        .unwrap()
}

/// A partner that was set up from a terminal.
pub(crate) struct Partner {
    pub(crate) api_key: String,
    pub(crate) recovery_code: String,
    pub(crate) email: String,
    pub(crate) password_file: PathBuf,
    url: String,
}

impl Partner {
    /// Sets a partner up, whose key may do everything.
    pub(crate) fn create(server: &Running, folder: &Path) -> Self {
        Self::create_with(server, folder, &["--scope", "links:existing"])
    }

    /// The same with other flags.
    pub(crate) fn create_with(server: &Running, folder: &Path, flags: &[&str]) -> Self {
        let password_file = folder.join("password");
        fs::write(&password_file, format!("{PASSWORD}\n")).unwrap();
        let (url, email) = (server.url(), "ana@example.org".to_owned());
        let file = password_file.to_str().unwrap();
        let words = [
            "partner",
            "create",
            "--server",
            &url,
            "--setup-token",
            SETUP_TOKEN,
            "--name",
            "Otter & Sons",
            "--email",
            &email,
            "--password-file",
            file,
            "--json",
        ];
        let made = object(&run(&[&words, flags].concat()));
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        Self {
            api_key: text("apiKey"),
            recovery_code: text("recoveryCode"),
            email,
            password_file,
            url,
        }
    }

    /// Makes a link with further flags.
    pub(crate) fn link(&self, flags: &[&str]) -> Value {
        let words = [
            "link",
            "create",
            "--server",
            &self.url,
            "--api-key",
            &self.api_key,
            "--json",
        ];
        object(&run(&[&words, flags].concat()))
    }

    /// An agent in a terminal that speaks JSON. What it remembers lies beside the password, unless told otherwise.
    pub(crate) fn attend(&self, flags: &[&str]) -> Terminal {
        let words = self.attending();
        let state = self.password_file.with_file_name("state");
        let json = ["--json", "--state", state.to_str().unwrap()];
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let json = if flags.contains(&"--state") {
            &json[..1]
        } else {
            &json
        };
        Terminal::start(&[&words, json, flags].concat())
    }

    /// The same partner, reached by another port.
    pub(crate) fn at(&self, port: u16) -> Self {
        Self {
            api_key: self.api_key.clone(),
            recovery_code: self.recovery_code.clone(),
            email: self.email.clone(),
            password_file: self.password_file.clone(),
            url: format!("http://localhost:{port}"),
        }
    }

    /// The words that make an agent of this partner attend.
    pub(crate) fn attending(&self) -> Vec<String> {
        [
            "chat",
            "attend",
            "--server",
            &self.url,
            "--email",
            &self.email,
            "--password-file",
            self.password_file.to_str().unwrap(),
        ]
        .map(str::to_owned)
        .into()
    }
}

/// A customer in a terminal.
pub(crate) fn open(link: &Value) -> Terminal {
    Terminal::start(&[
        "chat",
        "open",
        link["secureUrl"].as_str().unwrap(),
        "--json",
    ])
}

/// The one JSON object that a successful run printed.
fn object(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
