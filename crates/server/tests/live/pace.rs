//! Bytes that are part of a frame and never come to its end.

use super::world::{AgentSession, World};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

const FINAL: u8 = 0x80;
const MORE: u8 = 0;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const PING: u8 = 9;

/// A frame as a client sends it, masked with zeros.
fn frame(end: u8, kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    assert!(length < 126);
    [&[end | kind, 0x80 | length, 0, 0, 0, 0][..], payload].concat()
}

/// A socket by bare bytes.
async fn bare(world: &World, session: &AgentSession) -> TcpStream {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!(
        "GET /api/socket?as=agent HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        world.address, session.bearer
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    stream
}

/// Whether what was read ends with a close frame of that code.
fn closes_with(read: &[u8], code: u16) -> bool {
    let [high, low] = code.to_be_bytes();
    read.windows(4)
        .any(|bytes| bytes[0] == 0x88 && bytes[2..] == [high, low])
}

/// Until the server ends it; gives what it said and after how long it did.
async fn end(stream: &mut TcpStream) -> (Vec<u8>, Duration) {
    let (began, mut read) = (Instant::now(), Vec::new());
    timeout(Duration::from_secs(40), stream.read_to_end(&mut read))
        .await
        .expect("the server ends it")
        .unwrap();
    (read, began.elapsed())
}

/// Sends bytes, and then some more each second until nobody takes them.
async fn dripped(world: &World, session: &AgentSession, first: Vec<u8>, drop: &[u8]) {
    let stream = bare(world, session).await;
    let (mut reading, mut writing) = stream.into_split();
    writing.write_all(&first).await.unwrap();
    let dripping = async {
        loop {
            sleep(Duration::from_millis(500)).await;
            if drop.is_empty() {
                continue;
            }
            if writing.write_all(drop).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let began = Instant::now();
    let mut read = Vec::new();
    tokio::select! {
        () = dripping => unreachable!(),
        ended = timeout(Duration::from_secs(40), reading.read_to_end(&mut read)) => {
            ended.expect("the server ends it").unwrap();
        }
    }
    let passed = began.elapsed().as_secs_f32();
    assert!((9.0..20.0).contains(&passed), "{passed}");
    assert!(closes_with(&read, 1008), "{read:?}");
}

#[tokio::test]
async fn what_has_begun_ends_within_ten_seconds() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let begun = frame(FINAL, TEXT, &[b' '; 100]);
    let piece = frame(MORE, TEXT, b"{");
    let ping = frame(FINAL, PING, b"");
    let empty = frame(MORE, CONTINUATION, b"");
    let honest = async {
        let mut stream = bare(&world, &session).await;
        let pieces = [
            frame(MORE, TEXT, br#"{"type""#),
            ping.clone(),
            frame(MORE, CONTINUATION, b""),
            frame(FINAL, CONTINUATION, br#":"ping"}"#),
        ];
        for piece in pieces {
            stream.write_all(&piece).await.unwrap();
        }
        sleep(Duration::from_secs(14)).await;
        stream
            .write_all(&frame(FINAL, TEXT, br#"{"type":"ping"}"#))
            .await
            .unwrap();
        let mut read = Vec::new();
        let said = br#"{"type":"pong"}"#;
        while read
            .windows(said.len())
            .filter(|bytes| *bytes == said)
            .count()
            < 2
        {
            read.push(stream.read_u8().await.unwrap());
        }
        assert!(!closes_with(&read, 1008));
    };
    tokio::join!(
        // The beginning of a header and silence.
        dripped(&world, &session, begun[..1].to_vec(), b""),
        // A payload that comes byte by byte.
        dripped(&world, &session, begun[..6].to_vec(), b" "),
        // The same behind a whole frame, in one piece with it.
        dripped(&world, &session, [&ping[..], &begun[..7]].concat(), b""),
        // A message whose pieces are whole and never the last.
        dripped(&world, &session, piece.clone(), &empty,),
        // What stands between the pieces gives no more time.
        dripped(&world, &session, piece, &ping),
        honest,
    );
}

#[tokio::test]
async fn a_message_in_countless_pieces_is_cut_off() {
    let world = World::start().await;
    let session = world.agent_session().await;
    for payload in [&b""[..], b" "] {
        let stream = bare(&world, &session).await;
        let (mut reading, mut writing) = stream.into_split();
        let piece = frame(MORE, CONTINUATION, payload).repeat(1_000);
        let flood = async {
            writing.write_all(&frame(MORE, TEXT, b"{")).await.unwrap();
            let mut sent = 0_usize;
            while writing.write_all(&piece).await.is_ok() {
                sent += piece.len();
            }
            sent
        };
        let mut read = Vec::new();
        let reads = async {
            // Who floods on may find the connection reset rather than closed.
            drop(reading.read_to_end(&mut read).await);
        };
        let (sent, ()) = timeout(Duration::from_secs(9), async { tokio::join!(flood, reads) })
            .await
            .expect("long before it is late");
        assert!(closes_with(&read, 1008), "{sent} bytes were sent: {read:?}");
    }
}

#[tokio::test]
async fn a_message_in_some_pieces_is_taken() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut stream = bare(&world, &session).await;
    for _ in 0..3 {
        stream
            .write_all(&frame(MORE, TEXT, br#"{"type":"ping""#))
            .await
            .unwrap();
        for _ in 0..126 {
            stream
                .write_all(&frame(MORE, CONTINUATION, b" "))
                .await
                .unwrap();
        }
        stream
            .write_all(&frame(FINAL, CONTINUATION, b"}"))
            .await
            .unwrap();
    }
    let mut read = Vec::new();
    let said = br#"{"type":"pong"}"#;
    while read
        .windows(said.len())
        .filter(|bytes| *bytes == said)
        .count()
        < 3
    {
        read.push(stream.read_u8().await.unwrap());
    }
}

#[tokio::test]
async fn what_is_sent_before_the_answer_keeps_to_the_pace_too() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let mut request = format!(
        "GET /api/socket?as=agent HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        world.address, session.bearer
    )
    .into_bytes();
    request.extend(frame(MORE, TEXT, b"{"));
    stream.write_all(&request).await.unwrap();
    let (read, passed) = end(&mut stream).await;
    assert!(closes_with(&read, 1008));
    assert!(passed.as_secs() < 20, "{passed:?}");
}
