//! Something between a terminal and the server that does not like long messages.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// What a socket may carry from a client before it is ended, and a call at once.
const MOST: usize = 8 * 1024;

/// How a long frame is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refusal {
    /// The connection breaks without a word.
    Break,
    /// The socket is closed with a code.
    Close(u16),
}

/// Listens on a port of its own.
pub(crate) struct Middleman {
    port: u16,
    sockets: Arc<AtomicUsize>,
}

impl Middleman {
    /// Stands before the server at `port`. Long calls are passed on, or get 413 with a page that is no JSON.
    pub(crate) fn before(port: u16, refusal: Refusal, passes_calls: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().port();
        let sockets = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sockets);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (sockets, server) = (
                    Arc::clone(&counted),
                    TcpStream::connect(("127.0.0.1", port)).unwrap(),
                );
                let (mut down, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || {
                    let _ = std::io::copy(&mut down, &mut to);
                    let _ = to.shutdown(Shutdown::Both);
                });
                thread::spawn(move || up(client, server, refusal, passes_calls, &sockets));
            }
        });
        Self { port: own, sockets }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// How many sockets were opened through it.
    pub(crate) fn sockets(&self) -> usize {
        self.sockets.load(Ordering::SeqCst)
    }
}

/// Carries what a client says to the server, until it is too much.
fn up(
    mut client: TcpStream,
    mut server: TcpStream,
    refusal: Refusal,
    passes_calls: bool,
    sockets: &AtomicUsize,
) {
    let (mut buffer, mut is_socket, mut carried) = (vec![0; 128 * 1024], false, 0);
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let said = &buffer[..length];
        if said.starts_with(b"GET /api/socket") {
            is_socket = true;
            sockets.fetch_add(1, Ordering::SeqCst);
        }
        carried = if is_socket { carried + length } else { length };
        if carried > MOST && is_socket {
            if let Refusal::Close(code) = refusal {
                let [high, low] = code.to_be_bytes();
                let _ = client.write_all(&[0x88, 2, high, low]);
            }
            break;
        }
        if said.starts_with(b"POST /api/chats/") && !passes_calls && is_long(said) {
            let page = "<h1>Too large</h1>";
            let head =
                "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Type: text/html";
            let _ = write!(
                client,
                "{head}\r\nContent-Length: {}\r\n\r\n{page}",
                page.len()
            );
            // What is still coming would make the system throw the answer away.
            let _ = client.shutdown(Shutdown::Write);
            while matches!(client.read(&mut buffer), Ok(1..)) {}
            break;
        }
        if server.write_all(said).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
}

/// Whether a call announces a long body.
fn is_long(said: &[u8]) -> bool {
    let text = String::from_utf8_lossy(said).to_lowercase();
    text.split_once("content-length: ")
        .and_then(|(_, rest)| rest.split("\r\n").next()?.parse().ok())
        .is_some_and(|length: usize| length > MOST)
}
