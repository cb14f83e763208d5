//! Something between a terminal and the server that asks for another chat than the terminal does.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
};

/// Stands before the server at `port`, on a port of its own: whoever asks for the chat `wanted` gets the row of `given`.
pub(crate) fn swapped(port: u16, wanted: &str, given: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    let call = |chat: &str| format!("GET /api/chats/{chat} ").into_bytes();
    let (wanted, given) = (call(wanted), call(given));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let (mut down, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            let (wanted, given) = (wanted.clone(), given.clone());
            thread::spawn(move || {
                let _ = io::copy(&mut down, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
            thread::spawn(move || carry_up(client, server, &wanted, &given));
        }
    });
    own
}

fn carry_up(mut client: TcpStream, mut server: TcpStream, wanted: &[u8], given: &[u8]) {
    let mut buffer = vec![0; 128 * 1024];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let said = &mut buffer[..length];
        if said.starts_with(wanted) {
            said[..given.len()].copy_from_slice(given);
        }
        if server.write_all(said).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}
