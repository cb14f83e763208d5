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

/// Sends a whole request; gives everything that comes back until the server closes.
async fn exchange(running: &Running, request: &str) -> String {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_in_words() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    for length in [17_000, 40_000, 400_000] {
        let cookies = "x".repeat(length);
        let page = format!("GET /signin HTTP/1.1\r\nHost: x\r\nCookie: a={cookies}\r\n\r\n");
        let answer = exchange(&running, &page).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        assert!(answer.contains("content-type: text/html"), "{answer}");
        assert!(
            answer.contains("Delete the cookies of this site"),
            "{answer}"
        );
        assert!(
            answer.contains("x-content-type-options: nosniff"),
            "{answer}"
        );
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("content-length: {}", body.len())),
            "{head}"
        );
        let call = format!("GET /api/me HTTP/1.1\r\nHost: x\r\nCookie: a={cookies}\r\n\r\n");
        let answer = exchange(&running, &call).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        assert!(answer.contains("\"code\":\"head_too_large\""), "{answer}");
    }
    let many = "X: y\r\n".repeat(129);
    let answer = exchange(
        &running,
        &format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert!(answer.contains("This request is too large"), "{answer}");
}

#[tokio::test]
async fn what_is_no_http_is_refused_in_words() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    for wrong in [
        "G@T / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    ] {
        let answer = exchange(&running, wrong).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains("This request can't be read"), "{answer}");
    }
}

#[tokio::test]
async fn a_request_names_one_host() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let asked = async |hosts: &str, version: &str| {
        let request = format!("GET /healthz HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
        let answer = exchange(&running, &request).await;
        answer.split_whitespace().nth(1).unwrap().to_owned()
    };
    for (hosts, version, status) in [
        ("Host: a\r\n", "1.1", "200"),
        ("Host: [::1]:3000\r\n", "1.1", "200"),
        ("Host:\r\n", "1.1", "200"),
        ("", "1.0", "200"),
        ("", "1.1", "400"),
        ("Host: a\r\nHost: a\r\n", "1.1", "400"),
        ("Host: a\r\nHost: b\r\n", "1.0", "400"),
        ("Host: a/b\r\n", "1.1", "400"),
        ("Host: a, b\r\n", "1.1", "400"),
        ("Host: me@a\r\n", "1.1", "400"),
    ] {
        assert_eq!(asked(hosts, version).await, status, "{hosts:?} {version}");
    }
}

#[tokio::test]
async fn an_idle_connection_outlasts_the_patience_for_heads() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    answer(&mut stream).await;
    let mut byte = [0];
    let closed = timeout(Duration::from_secs(12), stream.read(&mut byte));
    assert!(closed.await.is_err(), "a proxy may still want to use it");
    stream.write_all(request).await.unwrap();
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn what_proxies_make_of_requests_is_understood() {
    let app = TestApp::start().await;
    let running = run(&app).await;
    // nginx speaks HTTP/1.0 to what is behind it, unless told otherwise.
    let old = exchange(
        &running,
        "GET /healthz HTTP/1.0\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(
        old.starts_with("HTTP/1.0 200 ") && old.ends_with("alive\n"),
        "{old}"
    );
    let absolute = "GET http://elsewhere.example/healthz HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n";
    assert!(exchange(&running, absolute).await.ends_with("alive\n"));
    let ranged =
        "GET /healthz HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\nConnection: close\r\n\r\n";
    assert!(exchange(&running, ranged).await.ends_with("alive\n"));
    let body = json!({"linkId": b64(1, 16)}).to_string();
    let chunked = format!(
        "POST /api/links/door HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let answer = exchange(&running, &chunked).await;
    assert!(answer.contains("\"state\":\"not_found\""), "{answer}");
    let expecting = format!(
        "POST /api/links/door HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(expecting.as_bytes()).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.starts_with("HTTP/1.1 200 "), "{rest}");
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
