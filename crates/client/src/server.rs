//! One server: its address, and the calls to it.

use std::{sync::Arc, time::Duration};

use reqwest::{Method, RequestBuilder, Response, StatusCode, Upgraded, header};
use serde::{Serialize, de::DeserializeOwned};
use tokio_tungstenite::tungstenite::handshake;
use url::{Host, Url};
use wicketgate_protocol::{Code, Problem};
use zeroize::Zeroizing;

use crate::{error::Error, tls};

/// The greatest answer that is read, in bytes: a page of 200 messages at their longest has 11 MB.
const LONGEST_ANSWER: usize = 16 << 20;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a whole answer may take. No call of this client waits for news: those come through the socket.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A server, by its address. Cheap to clone: clones share their connections.
#[derive(Debug, Clone)]
pub struct Server {
    http: reqwest::Client,
    base: Url,
}

impl Server {
    /// Takes the address of a server: `https://…`, or `http://…` where the host is this computer. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::ServerAddress`] for any other text.
    pub fn at(address: &str) -> Result<Self, Error> {
        let refused = || Error::ServerAddress(address.to_owned());
        let mut base = Url::parse(address.trim()).map_err(|_| refused())?;
        let loopback = is_loopback(&base);
        match base.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(refused()),
        }
        if base.host().is_none() || !base.username().is_empty() || base.password().is_some() {
            return Err(refused());
        }
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        Ok(Self {
            http: http_client(loopback)?,
            base,
        })
    }

    /// Its address, with a `/` at the end.
    #[must_use]
    pub fn address(&self) -> &str {
        self.base.as_str()
    }

    /// Opens a socket. It goes the way of every other call: through the same proxies, with the same trust.
    ///
    /// # Errors
    /// [`Error::Refused`] where the server refused it; anything else may be due to what stands between.
    pub(crate) async fn upgrade(&self, query: &str, bearer: &Bearer) -> Result<Upgraded, Error> {
        let key = handshake::client::generate_key();
        let path = format!("/api/socket?{query}");
        let response = self
            .request(Method::GET, &path, Some(bearer))
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, &key)
            .send()
            .await
            .map_err(|error| tls::failed_call(&error))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let refused = refusal(response).await;
            return Err(refused.unwrap_or_else(|error| error));
        }
        let accepted = response.headers().get(header::SEC_WEBSOCKET_ACCEPT);
        let expected = handshake::derive_accept_key(key.as_bytes());
        if accepted.is_none_or(|accepted| accepted.as_bytes() != expected.as_bytes()) {
            return Err(Error::Strange("it opened another kind of socket".into()));
        }
        let upgraded = response.upgrade().await;
        upgraded.map_err(|error| tls::failed_call(&error))
    }

    /// Whether plain calls get through, by the least of them. Whatever answers, answers; what says that nobody is behind
    /// it does not.
    pub(crate) async fn answers(&self) -> Result<(), Error> {
        let response = self
            .request(Method::GET, "/healthz", None)
            .timeout(CONNECT_TIMEOUT)
            .send()
            .await
            .map_err(|error| tls::failed_call(&error))?;
        match response.status() {
            status if status.is_server_error() => Err(Error::Unreachable(format!(
                "something before it answers {status}"
            ))),
            _ => Ok(()),
        }
    }

    /// The same as [`get`](Self::get), for an answer that the server may hold back.
    pub(crate) async fn get_within<A: DeserializeOwned>(
        &self,
        path: &str,
        bearer: &Bearer,
        time: Duration,
    ) -> Result<A, Error> {
        read(self.request(Method::GET, path, Some(bearer)).timeout(time)).await
    }

    pub(crate) async fn get<A: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&Bearer>,
    ) -> Result<A, Error> {
        read(self.request(Method::GET, path, bearer)).await
    }

    pub(crate) async fn post<B: Serialize + Sync, A: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&Bearer>,
        body: &B,
    ) -> Result<A, Error> {
        read(self.request(Method::POST, path, bearer).json(body)).await
    }

    fn request(&self, method: Method, path: &str, bearer: Option<&Bearer>) -> RequestBuilder {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.base.clone();
        url.set_path(path);
        url.set_query(query);
        let request = self.http.request(method, url);
        match bearer {
            Some(bearer) => request.bearer_auth(bearer.expose()),
            None => request,
        }
    }
}

/// A text as it stands in an address.
pub(crate) fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// What a call is authorised by: a session's, a seat's or an API key's token.
#[derive(Clone)]
pub struct Bearer(Arc<Zeroizing<String>>);

impl Bearer {
    pub(crate) fn new(token: Zeroizing<String>) -> Self {
        Self(Arc::new(token))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Bearer(…)")
    }
}

/// Whether the address is this computer itself.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn http_client(loopback: bool) -> Result<reqwest::Client, Error> {
    // Fails when a provider is there already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!(
            "wicketgate/",
            env!("CARGO_PKG_VERSION"),
            " (terminal)"
        ))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CALL_TIMEOUT)
        // Following one could carry a token to another server.
        .redirect(reqwest::redirect::Policy::none());
    if loopback {
        builder = builder.no_proxy();
    }
    builder
        .tls_certs_merge(tls::also_trusted().iter().cloned())
        .build()
        .map_err(|error| tls::failed_call(&error))
}

async fn read<A: DeserializeOwned>(request: RequestBuilder) -> Result<A, Error> {
    let response = request
        .send()
        .await
        .map_err(|error| tls::failed_call(&error))?;
    if response.status().is_success() {
        let body = body(response).await?;
        return serde_json::from_slice(&body).map_err(|error| Error::Strange(error.to_string()));
    }
    Err(refusal(response).await?)
}

/// What an answer says that is none.
async fn refusal(response: Response) -> Result<Error, Error> {
    let (status, is_problem) = (response.status(), is_problem(&response));
    let body = body(response).await?;
    if is_problem && let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
        return Ok(problem.into());
    }
    Ok(unexplained(status))
}

/// What a refusal means that is none of the server's own: something before it speaks.
fn unexplained(status: StatusCode) -> Error {
    match status {
        // What a proxy says while the server behind it restarts, or has enough to do.
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Error::Unreachable(format!("something before it answers {status}"))
        }
        _ if status.is_server_error() => {
            Error::Unreachable(format!("something before it answers {status}"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            Code::TooLarge,
            "Something before the server refuses what is this long.",
        )
        .into(),
        _ => Error::Strange(status.to_string()),
    }
}

fn is_problem(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/problem+json"))
}

async fn body(mut response: Response) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| tls::failed_call(&error))?
    {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Error::Strange("it is too long".into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_spoken_to_in_clear() {
        for good in [
            "http://localhost:3000",
            "http://127.0.0.1:1/",
            "http://[::1]:9",
            "https://chat.example/x?y#z",
        ] {
            assert!(Server::at(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "chat.example",
            "http://chat.example",
            "http://192.168.1.2",
            "ftp://localhost",
            "https://a:b@c",
        ] {
            assert!(
                matches!(Server::at(bad), Err(Error::ServerAddress(_))),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_path_of_the_address_is_left_out() {
        let server = Server::at("https://chat.example/secure/chat/abc?x=1#1.secret").unwrap();
        assert_eq!(server.address(), "https://chat.example/");
    }

    #[test]
    fn a_token_is_not_printed() {
        assert_eq!(
            format!("{:?}", Bearer::new(Zeroizing::new("wgs_secret".into()))),
            "Bearer(…)"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_is_given_up() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", silent.local_addr().unwrap());
        let began = tokio::time::Instant::now();
        let error = Server::at(&address)
            .unwrap()
            .get::<()>("/api/me", None)
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "The server can't be reached: it did not answer in time."
        );
        assert_eq!(began.elapsed().as_secs(), 30);
    }

    #[tokio::test]
    async fn nobody_there_is_one_sentence_without_the_address() {
        let error = Server::at("http://127.0.0.1:1")
            .unwrap()
            .get::<()>("/api/me", None)
            .await
            .unwrap_err();
        assert!(error.is_passing());
        assert_eq!(
            error.to_string(),
            "The server can't be reached: Connection refused (os error 111)."
        );
    }
}
