//! B5: what an idle, joined socket costs: customers who came in by a link of their own and opened their chat.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{
    net::TcpStream,
    time::{Duration, sleep},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest as _, protocol::WebSocketConfig},
};

use crate::{caller::Caller, program::Program};

const SETTLES_IN: Duration = Duration::from_secs(3);
/// Sockets before the first reading, so that what the server allocates once is not counted.
const WARM: usize = 200;

/// Opens the sockets and prints what they cost.
pub(crate) async fn run(binary: &Path, sockets: usize) -> Result<()> {
    let program = Program::start(binary).await?;
    let mut maker = Caller::connect(program.address, Some(&program.api_key)).await?;
    let mut guest = Caller::connect(program.address, None).await?;
    let mut seats = Vec::with_capacity(sockets + WARM);
    for _ in 0..sockets + WARM {
        seats.push(take_seat(&mut maker, &mut guest).await?);
    }
    let (warm, counted) = seats.split_at(WARM);
    let mut open = Vec::with_capacity(seats.len());
    for seat in warm {
        open.push(join(&program, seat).await?);
    }
    sleep(SETTLES_IN).await;
    let before = program.resident()?;
    for seat in counted {
        open.push(join(&program, seat).await?);
    }
    sleep(SETTLES_IN).await;
    let after = program.resident()?;
    #[expect(clippy::cast_precision_loss, reason = "a ratio of megabytes")]
    let each = after.saturating_sub(before) as f64 / sockets as f64 / 1024.0;
    println!("| sockets | resident before | after | a socket |");
    println!("| --- | --- | --- | --- |");
    println!(
        "| {sockets} | {} MiB | {} MiB | {each:.2} KiB |",
        before >> 20,
        after >> 20
    );
    Ok(())
}

#[derive(Debug)]
struct Seat {
    chat: String,
    token: String,
}

async fn take_seat(maker: &mut Caller, guest: &mut Caller) -> Result<Seat> {
    let made = maker
        .post("/api/generate-secure-link", "{}".to_owned())
        .await?;
    let made: serde_json::Value = serde_json::from_slice(&made)?;
    let body = serde_json::json!({ "linkId": made["linkId"], "credential": "bearer" });
    let taken = guest
        .post("/api/validate-secure-link", body.to_string())
        .await?;
    let taken: serde_json::Value = serde_json::from_slice(&taken)?;
    Ok(Seat {
        chat: taken["chatRef"].as_str().context("no chatRef")?.to_owned(),
        token: taken["token"].as_str().context("no token")?.to_owned(),
    })
}

async fn join(program: &Program, seat: &Seat) -> Result<WebSocketStream<TcpStream>> {
    let address = program.address;
    let mut request = format!("ws://{address}/api/socket?as=customer&chat={}", seat.chat)
        .into_client_request()?;
    request
        .headers_mut()
        .insert("authorization", format!("Bearer {}", seat.token).parse()?);
    let stream = TcpStream::connect(address).await?;
    let small = WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, stream, Some(small)).await?;
    let open = serde_json::json!({ "type": "open", "chat": seat.chat, "after": 0 });
    socket.send(Message::text(open.to_string())).await?;
    while let Some(frame) = socket.next().await {
        if frame?.to_text()?.contains(r#""type":"opened""#) {
            return Ok(socket);
        }
    }
    bail!("the socket closed before the chat was open")
}
