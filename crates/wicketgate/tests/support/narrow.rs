//! Something between a terminal and the server that lets no sockets through.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
};

/// What becomes of the wish for a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrow {
    /// The headers that ask for one are dropped, as a plain `proxy_pass` does: the server gets a call.
    Stripped,
    /// It is refused with a page.
    Refused,
    /// It is opened, and then carries nothing.
    Silent,
    /// Only the door can be asked; everything else gets 502.
    DoorOnly,
}

impl Narrow {
    /// Stands before the server at `port`, on a port of its own.
    pub(crate) fn before(self, port: u16) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A server that is down is nobody's fault.
                if let Ok(server) = TcpStream::connect(("127.0.0.1", port)) {
                    let (down, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                    thread::spawn(move || carry_down(down, to, self));
                    thread::spawn(move || self.carry_up(client, server));
                }
            }
        });
        own
    }

    fn carry_up(self, mut client: TcpStream, mut server: TcpStream) {
        let (mut buffer, mut is_silent) = (vec![0; 128 * 1024], false);
        while let Ok(length @ 1..) = client.read(&mut buffer) {
            let said = &buffer[..length];
            let is_call = said.starts_with(b"GET ") || said.starts_with(b"POST ");
            let is_socket = said.starts_with(b"GET /api/socket");
            let refused = match self {
                Self::Refused if is_socket => Some("426 Upgrade Required"),
                Self::DoorOnly if is_call && !said.starts_with(b"POST /api/links/door") => {
                    Some("502 Bad Gateway")
                }
                _ => None,
            };
            if let Some(status) = refused {
                let head = "Connection: close\r\nContent-Type: text/html\r\nContent-Length: 2";
                let _ = write!(client, "HTTP/1.1 {status}\r\n{head}\r\n\r\nno");
                break;
            }
            if is_silent {
                continue;
            }
            let passed = match self {
                Self::Stripped if is_socket => without_upgrade(said),
                _ => said.to_vec(),
            };
            is_silent = self == Self::Silent && is_socket;
            if server.write_all(&passed).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
        let _ = client.shutdown(Shutdown::Both);
    }
}

/// Of an opened socket only the answer that opens it comes through.
fn carry_down(mut server: TcpStream, mut client: TcpStream, narrow: Narrow) {
    let mut buffer = vec![0; 128 * 1024];
    while let Ok(length @ 1..) = server.read(&mut buffer) {
        let said = &buffer[..length];
        if narrow == Narrow::Silent && !said.starts_with(b"HTTP/1.1") && said[0] & 0x70 == 0 {
            // A frame of a socket begins with a byte that no text begins with.
            continue;
        }
        if client.write_all(said).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

fn without_upgrade(said: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(said.to_vec()).unwrap();
    let kept = text.split("\r\n").filter(|line| {
        let line = line.to_lowercase();
        !line.starts_with("connection:") && !line.starts_with("upgrade:")
    });
    kept.collect::<Vec<_>>().join("\r\n").into_bytes()
}
