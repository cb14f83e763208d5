//! A running server with partners, agents and customers.

use super::client::Client;
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use wicketgate_domain::{
    AgentId, ChatRef, Hash, PartnerId, SessionRef, Store, Timestamp, Token,
    chat::Participant,
    device::Device,
    event::Topic,
    partner::{Agent, AgentKeys, Certificate, NewPartner, Partner, PasswordEntry, RecoveryEntry},
    session::Session,
    text::{Email, PartnerName},
};
use wicketgate_protocol::Base64;
use wicketgate_relay::Relay;
use wicketgate_server::{AppState, Assets, Clock, Settings, serve};

/// A server of this process.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) state: AppState,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<AtomicI64>,
    made: AtomicU32,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
    database: Database,
}

/// A database in a folder that goes with it.
pub(crate) struct Database {
    pub(crate) address: String,
    _folder: TempDir,
}

/// A session of an agent: a partner with one who is signed in.
#[derive(Clone)]
pub(crate) struct AgentSession {
    pub(crate) partner: PartnerId,
    pub(crate) session_ref: SessionRef,
    pub(crate) agent: AgentId,
    pub(crate) bearer: String,
}

impl AgentSession {
    /// The agent as one who acts in chats.
    pub(crate) fn who(&self) -> Participant {
        Participant::Agent {
            partner: self.partner,
            agent: self.agent,
        }
    }
}

/// A customer on a seat.
#[derive(Clone)]
pub(crate) struct Customer {
    pub(crate) chat: String,
    pub(crate) seat: u32,
    pub(crate) bearer: String,
}

impl Customer {
    pub(crate) fn chat_ref(&self) -> ChatRef {
        self.chat.parse().unwrap()
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with_limits(false).await
    }

    pub(crate) async fn with_limits(limits: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database {
            address: format!("sqlite:{}", folder.path().join("w.db").display()),
            _folder: folder,
        };
        let store = wicketgate_storage::open(&database.address).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let public = format!("http://{address}").parse().unwrap();
        let settings = Settings {
            limits,
            ..Settings::new(public)
        };
        let clock = Arc::new(AtomicI64::new(1_700_000_000_000));
        let shown = clock.clone();
        let state = AppState::new(
            settings,
            store.clone(),
            Relay::new(),
            assets(),
            Clock::of(move || Timestamp::from_millis(shown.load(Ordering::Relaxed))),
        )
        .await
        .unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = state.clone();
        let server = tokio::spawn(async move {
            let stopped = async {
                drop(stopped.await);
            };
            serve(serving, listener, stopped).await.unwrap();
        });
        Self {
            address,
            state,
            store,
            clock,
            made: AtomicU32::new(0),
            stop: Some(stop),
            server: Some(server),
            database,
        }
    }

    /// Asks the server to stop, and gives what ends when it has.
    pub(crate) fn stop(&mut self) -> JoinHandle<()> {
        drop(self.stop.take());
        self.server.take().unwrap()
    }

    /// Until someone listens to that.
    pub(crate) async fn heard(&self, topic: Topic) {
        until_heard(&self.state, topic).await;
    }

    /// Asks the server to stop as soon as someone listens to that, and gives what ends when it has.
    pub(crate) fn stop_when_heard(&mut self, topic: Topic) -> JoinHandle<()> {
        let (state, stop) = (self.state.clone(), self.stop.take());
        let server = self.server.take().unwrap();
        tokio::spawn(async move {
            until_heard(&state, topic).await;
            drop(stop);
            server.await.unwrap();
        })
    }

    /// Lets go of the database of a server that has stopped.
    pub(crate) async fn leave(self) -> Database {
        self.store.close().await;
        self.database
    }

    fn number(&self) -> [u8; 32] {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        bytes
    }

    pub(crate) async fn agent_session(&self) -> AgentSession {
        let number = self.number();
        let name: [u8; 16] = number[..16].try_into().unwrap();
        let (partner, agent) = (PartnerId::from_bytes(name), AgentId::from_bytes(name));
        let now = self.state.now();
        self.store
            .create_partner(NewPartner {
                partner: Partner {
                    id: partner,
                    name: PartnerName::parse("Ada & Sons").unwrap(),
                    identity: [1; 32],
                    generation: 1,
                    certificate: Certificate {
                        epoch: 1,
                        not_before: 0,
                        not_after: u64::from(u32::MAX),
                        public_key: vec![1; Certificate::PUBLIC_KEY_LENGTH],
                        signature: [1; 64],
                    },
                    created_at: now,
                },
                agent: Agent {
                    id: agent,
                    partner,
                    email: Email::parse(&format!("ada@{agent}.example")).unwrap(),
                    password: PasswordEntry {
                        verifier: String::new(),
                        salt: [0; 16],
                        rounds: 600_000,
                        wrap: vec![1; 60],
                    },
                    recovery: RecoveryEntry {
                        verifier: Hash::of(b"recovery"),
                        wrap: vec![1; 60],
                    },
                },
                keys: AgentKeys {
                    kem: vec![1; 1_216],
                    sign: [1; 32],
                },
                keyring: vec![1; 100],
                only_if_first: false,
            })
            .await
            .unwrap();
        self.sign_in(partner, agent).await
    }

    /// One more session of an agent.
    pub(crate) async fn sign_in(&self, partner: PartnerId, agent: AgentId) -> AgentSession {
        let number = self.number();
        let token = Token::from_bytes(number);
        let session_ref = SessionRef::from_bytes(number[..16].try_into().unwrap());
        let now = self.state.now();
        let row = Session {
            session_ref,
            partner,
            agent,
            created_at: now,
            used_at: now,
            device: Device::Computer,
        };
        self.store.create_session(row, token.hash()).await.unwrap();
        AgentSession {
            partner,
            session_ref,
            agent,
            bearer: format!("wgs_{}", token.reveal()),
        }
    }

    /// A customer who redeems a new link to that chat.
    pub(crate) async fn customer(&self, session: &AgentSession, chat_id: &str) -> Customer {
        let made = self
            .call(
                "POST",
                "/api/generate-secure-link",
                &session.bearer,
                &json!({ "chatId": chat_id }),
            )
            .await;
        assert_eq!(made.0, 200, "{}", made.1);
        let redemption = json!({
            "linkId": made.1["linkId"],
            "claim": base64(&self.number()),
            "handshake": { "epoch": 1, "enc": base64(&[7; 1_120]) },
            "credential": "bearer",
        });
        let redeemed = self
            .call("POST", "/api/validate-secure-link", "", &redemption)
            .await;
        assert_eq!(redeemed.0, 200, "{}", redeemed.1);
        Customer {
            chat: text(&redeemed.1["chatRef"]),
            seat: u32::try_from(redeemed.1["seat"].as_u64().unwrap()).unwrap(),
            bearer: text(&redeemed.1["token"]),
        }
    }

    /// An agent's socket.
    pub(crate) async fn agent(&self, session: &AgentSession) -> Client {
        Client::connect(self.address, "as=agent", &session.bearer).await
    }

    /// A customer's socket.
    pub(crate) async fn visitor(&self, customer: &Customer) -> Client {
        let query = format!("as=customer&chat={}", customer.chat);
        Client::connect(self.address, &query, &customer.bearer).await
    }

    /// A plain HTTP call; answers the status and the body.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        bearer: &str,
        body: &Value,
    ) -> (u16, Value) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let authorization = match bearer {
            "" => String::new(),
            bearer => format!("authorization: Bearer {bearer}\r\n"),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{authorization}content-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }
}

async fn until_heard(state: &AppState, topic: Topic) {
    while !state.relay.online(topic) {
        tokio::task::yield_now().await;
    }
}

fn assets() -> Assets {
    Assets::new(br#"{"entries":{"src/customer.tsx":{"file":"assets/c.js"},"src/desk.tsx":{"file":"assets/d.js"}},"integrity":{"assets/c.js":"sha384-c","assets/d.js":"sha384-d"}}"#, |_| None).unwrap()
}

/// Base64url, as it stands on the wire.
pub(crate) fn base64(bytes: &[u8]) -> String {
    text(&serde_json::to_value(Base64(bytes.to_vec())).unwrap())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A body that could be a sealed message, and is another for every number.
pub(crate) fn body(number: u64) -> Base64 {
    let mut bytes = vec![0; 156];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Base64(bytes)
}

/// The name of a message.
pub(crate) fn cid(number: u64) -> String {
    format!("0192e4a0-7b1c-7def-8123-{number:012x}")
}
