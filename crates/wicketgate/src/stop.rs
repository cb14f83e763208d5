//! When a server is to stop: what the system's signals mean.

use std::{future::Future, io};

/// Completes when the process is asked to stop. A second request ends it at once.
pub(crate) fn requested() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut signals = Signals::new()?;
    let (told, first) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let signal = signals.next().await;
        tracing::info!(signal, "asked to stop; asked again, it stops at once");
        let _ = told.send(());
        let signal = signals.next().await;
        tracing::warn!(signal, "asked again: stopping at once");
        std::process::exit(130);
    });
    Ok(async {
        // The sender lives as long as the process.
        let _ = first.await;
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where whoever started the program wants it to outlive its terminal.
    hang_up: Option<tokio::signal::unix::Signal>,
    user_1: tokio::signal::unix::Signal,
    user_2: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let outlives = hang_up_is_ignored();
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: (!outlives)
                .then(|| signal(SignalKind::hangup()))
                .transpose()?,
            user_1: signal(SignalKind::user_defined1())?,
            user_2: signal(SignalKind::user_defined2())?,
        })
    }

    /// The next signal that asks to stop. Others that would end a program by default are heard, and that is all.
    async fn next(&mut self) -> &'static str {
        loop {
            let meaningless = tokio::select! {
                _ = self.interrupt.recv() => return "SIGINT",
                _ = self.terminate.recv() => return "SIGTERM",
                () = hung_up(self.hang_up.as_mut()) => return "SIGHUP",
                _ = self.user_1.recv() => "SIGUSR1",
                _ = self.user_2.recv() => "SIGUSR2",
            };
            tracing::info!(signal = meaningless, "this signal means nothing here");
        }
    }
}

#[cfg(unix)]
async fn hung_up(signal: Option<&mut tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Whether the program was started so that a hang-up leaves it alone, as `nohup` does. Listening would undo that.
#[cfg(unix)]
fn hang_up_is_ignored() -> bool {
    // Where the system does not say, a hang-up stops the server: it is told to its log, and nothing is lost.
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let mask = status
                .lines()
                .find_map(|line| line.strip_prefix("SigIgn:"))?;
            u64::from_str_radix(mask.trim(), 16).ok()
        })
        // The first bit is that of signal 1.
        .is_some_and(|ignored| ignored & 1 == 1)
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}
