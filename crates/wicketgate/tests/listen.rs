//! Whether the address of a server can be had, and what is said when it can't.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use crate::support::{Running, free_port, program};

/// A connection that goes out from that port, and its other end.
async fn outgoing(port: u16) -> (tokio::net::TcpStream, tokio::net::TcpStream) {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket
        .bind(SocketAddr::from(([127, 0, 0, 1], port)))
        .unwrap();
    let near = socket
        .connect(elsewhere.local_addr().unwrap())
        .await
        .unwrap();
    let (far, _) = elsewhere.accept().await.unwrap();
    (near, far)
}

#[tokio::test]
async fn a_port_that_only_a_connection_holds_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let (near, far) = outgoing(port).await;
    let server = Running::begin(program(), folder.path(), port, &[]);
    server.until_logged("nobody listens there: waiting until it is free");
    // The far end closes first, so that nothing of the connection stays behind at this port.
    drop(far);
    near.readable().await.unwrap();
    drop(near);
    server.until_logged("\"listening\"");
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test]
async fn whoever_waits_for_a_port_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let _held = outgoing(port).await;
    let server = Running::begin(program(), folder.path(), port, &[]);
    server.until_logged("nobody listens there: waiting until it is free");
    assert_eq!(server.stop(), Some(0));
    assert!(
        !folder.path().join("wicketgate.db").exists(),
        "nothing was begun"
    );
}

#[test]
fn a_restart_finds_the_port_of_the_last_run_free() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    for _ in 0..3 {
        let server = Running::start(folder.path(), port);
        // The server closes first, so its end of the connection stays behind for a minute.
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        std::io::Write::write_all(
            &mut stream,
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        assert!(answer.contains("alive"), "{answer}");
        drop(stream);
        assert!(
            !server.log().contains("waiting until it is free"),
            "{}",
            server.log()
        );
        assert_eq!(server.stop(), Some(0));
    }
}
