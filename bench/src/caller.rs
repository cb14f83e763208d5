//! One keep-alive connection that posts JSON.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, StatusCode,
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A client of the server under load.
#[derive(Debug)]
pub(crate) struct Caller {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    authorization: Option<String>,
}

impl Caller {
    /// Connects; every later call goes over this connection.
    pub(crate) async fn connect(address: SocketAddr, api_key: Option<&str>) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: address.to_string(),
            authorization: api_key.map(|key| format!("Bearer {key}")),
        })
    }

    /// Posts a body and reads the whole answer, which must be 200.
    pub(crate) async fn post(&mut self, path: &'static str, body: String) -> Result<Bytes> {
        let mut request = Request::post(path)
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.sender.ready().await?;
        let response = self
            .sender
            .send_request(request.body(Full::from(body))?)
            .await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        (status == StatusCode::OK)
            .then_some(())
            .with_context(|| format!("{path}: {status} {}", String::from_utf8_lossy(&body)))?;
        Ok(body)
    }
}
