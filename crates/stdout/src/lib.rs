//! Standard output as the process was given it.
//!
//! Rust's runtime opens `/dev/null` in the place of a standard output that is closed
//! (<https://github.com/rust-lang/rust/pull/75295>), and from then on every write succeeds and is lost. That it was
//! closed can be seen only before the runtime starts, so a constructor looks. It is all that this crate is for, because
//! the macro that makes one writes `unsafe` code, which every other crate of ours forbids.

use std::io;

/// Says, as far as that can be known without writing, why nothing that is written would arrive: it was closed before the
/// program began, its reader is gone, or it is a device that refuses to be written to.
///
/// # Errors
/// What a write would meet.
pub fn check() -> io::Result<()> {
    #[cfg(unix)]
    return unix::check();
    #[cfg(not(unix))]
    Ok(())
}

/// Whether it was closed before the program began.
#[must_use]
pub fn was_closed() -> bool {
    #[cfg(unix)]
    return unix::was_closed();
    #[cfg(not(unix))]
    false
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::File,
        io::{self, ErrorKind, IsTerminal as _, Write as _},
        os::{fd::AsFd as _, unix::fs::FileTypeExt as _},
        sync::atomic::{AtomicBool, Ordering},
    };

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::fcntl_getfd,
        stdio,
    };

    static CLOSED: AtomicBool = AtomicBool::new(false);

    #[ctor::ctor(unsafe)]
    fn look() {
        CLOSED.store(fcntl_getfd(stdio::stdout()).is_err(), Ordering::Relaxed);
    }

    pub(super) fn was_closed() -> bool {
        CLOSED.load(Ordering::Relaxed)
    }

    pub(super) fn check() -> io::Result<()> {
        if was_closed() {
            return Err(io::Error::other("it is closed"));
        }
        let output = io::stdout();
        let mut asked = [PollFd::new(&output, PollFlags::OUT)];
        let at_once = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let is_known = poll(&mut asked, Some(&at_once)).is_ok();
        // Of a pipe and of a socket it says so once nobody can read it any more.
        if is_known && asked.iter().any(|one| one.revents().intersects(GONE)) {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let mut device = File::from(output.as_fd().try_clone_to_owned()?);
        if device.metadata()?.file_type().is_char_device() && !output.is_terminal() {
            // A device shows what it takes only when it is asked: an empty line is as good as nothing to it.
            device.write_all(b"\n")?;
        }
        Ok(())
    }

    const GONE: PollFlags = PollFlags::ERR.union(PollFlags::HUP).union(PollFlags::NVAL);
}
