//! Serving over real connections, and stopping.

use crate::support::{TestApp, b64, setup_request};
use serde_json::json;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use wicketgate_server::{ServeError, serve};

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
}

async fn run(app: &TestApp) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let state = app.state.clone();
    let served = tokio::spawn(serve(state, listener, async {
        let _ = stopped.await;
    }));
    Running {
        address,
        stop,
        served,
    }
}

/// Reads an answer's head and as much of its body as comes along.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 65_536];
    let length = timeout(Duration::from_secs(10), stream.read(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

#[tokio::test]
async fn a_connection_serves_several_requests() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    for _ in 0..3 {
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("alive\n"), "{answer}");
    }
}

#[tokio::test]
async fn a_stop_finishes_what_was_begun() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let body = setup_request("Ada").to_string();
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let head = format!(
        "POST /api/setup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    // Half of the request is on its way when the server is told to stop.
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..100]).await.unwrap();
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    answer(&mut idle).await;
    running.stop.send(()).unwrap();
    let closed = timeout(Duration::from_secs(5), idle.read(&mut [0; 1]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(closed, 0, "an idle connection is closed at once");
    stream.write_all(&body.as_bytes()[100..]).await.unwrap();
    let answered = answer(&mut stream).await;
    assert!(answered.starts_with("HTTP/1.1 200 OK\r\n"), "{answered}");
    timeout(Duration::from_secs(10), running.served)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
    let folder = app.into_folder();
    let database = format!("sqlite:{}", folder.path().join("test.db").display());
    let store = wicketgate_storage::open(&database).await.unwrap();
    assert!(
        store.any_partner().await.unwrap(),
        "what was acknowledged is there"
    );
}

#[tokio::test]
async fn a_head_that_is_too_large_is_cut_off() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let head = format!(
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn limits_count_the_client_behind_a_trusted_proxy() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let running = run(&app).await;
    let body = json!({"linkId": b64(1, 16)}).to_string();
    let mut refused = Vec::new();
    for client in ["192.0.2.1", "192.0.2.2"] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        let request = format!(
            "POST /api/links/door HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.9.9.9, {client}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let tries = if client == "192.0.2.1" { 200 } else { 1 };
        let mut limited = false;
        for _ in 0..tries {
            stream.write_all(request.as_bytes()).await.unwrap();
            limited = answer(&mut stream).await.starts_with("HTTP/1.1 429 ");
            if limited {
                break;
            }
        }
        refused.push(limited);
    }
    assert_eq!(refused, [true, false]);
}

#[tokio::test]
async fn whoever_dawdles_is_cut_off() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let mut slow_head = TcpStream::connect(running.address).await.unwrap();
    slow_head
        .write_all(b"GET /healthz HTTP/1.1\r\nHo")
        .await
        .unwrap();
    let mut slow_body = TcpStream::connect(running.address).await.unwrap();
    let head = "POST /api/links/door HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    slow_body.write_all(head.as_bytes()).await.unwrap();
    let patience = Duration::from_secs(15);
    let head_ends = timeout(patience, async {
        let mut bytes = Vec::new();
        slow_head.read_to_end(&mut bytes).await
    });
    let body_ends = timeout(patience, async {
        let mut bytes = Vec::new();
        slow_body.read_to_end(&mut bytes).await.map(|_| bytes)
    });
    let (head_ends, body_ends) = tokio::join!(head_ends, body_ends);
    assert!(head_ends.is_ok(), "a head that does not end");
    let answer = String::from_utf8(body_ends.unwrap().unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"too_slow\""), "{answer}");
}

#[tokio::test]
async fn whoever_does_not_read_is_cut_off() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    // Once the answers have filled what the system buffers, no further request is read, so writing gets stuck, too.
    let asking = async {
        loop {
            if let Err(error) = stream
                .write_all(b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
                .await
            {
                return error;
            }
        }
    };
    assert!(timeout(Duration::from_secs(20), asking).await.is_ok());
}
