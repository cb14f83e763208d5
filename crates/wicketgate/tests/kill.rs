//! The server is killed twenty times under load: nothing that was acknowledged is lost, nothing comes twice, and no
//! used link is valid again.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::support::{PASSWORD, PATIENCE, Partner, Running, free_port};
use tokio::{sync::Notify, task::JoinHandle};
use wicketgate_client::{
    AgentSession, ApiClient, ApiKey, Error, Invitation, Label, LinkWish, Password, Server, State,
    live::{self, Attention, Content, Event, Line, Live, MessageText, Status, Writer},
};

const KILLS: usize = 20;

/// How many programs make and redeem links at the same time.
const MAKERS: usize = 6;

/// What has to have happened since the last kill before the next.
const PROGRESS: usize = 30;

/// What the server acknowledged.
#[derive(Default)]
struct Acknowledged {
    /// Links that were made, and whether they were redeemed.
    links: Mutex<Vec<(String, bool)>>,
    count: AtomicUsize,
    progress: Notify,
    is_over: AtomicBool,
}

impl Acknowledged {
    fn count(&self) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.progress.notify_waiters();
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Waits until so many more acknowledgements came.
    async fn more(&self, wanted: usize) {
        let goal = self.count.load(Ordering::SeqCst) + wanted;
        loop {
            let next = self.progress.notified();
            if self.count.load(Ordering::SeqCst) >= goal {
                return;
            }
            next.await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_lose_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut server = start(folder.path(), port);
    let partner = Partner::create(&server, folder.path());
    let done = Arc::new(Acknowledged::default());
    let makers: Vec<_> = (0..MAKERS)
        .map(|number| make_links(&partner, &server, Arc::clone(&done), number))
        .collect();
    let (agent, talk) = talk(&partner, &server, Arc::clone(&done)).await;

    for _ in 0..KILLS {
        tokio::time::timeout(PATIENCE, done.more(PROGRESS))
            .await
            .expect("the load goes on");
        server.kill();
        server = start(folder.path(), port);
    }
    tokio::time::timeout(PATIENCE, done.more(PROGRESS))
        .await
        .expect("the load goes on");
    done.is_over.store(true, Ordering::SeqCst);
    for maker in makers {
        maker.await.unwrap();
    }
    let sent = tokio::time::timeout(PATIENCE, talk)
        .await
        .expect("everything is acknowledged")
        .unwrap();
    let heard = tokio::time::timeout(PATIENCE, heard(agent, sent.len()))
        .await
        .expect("everything arrives");
    assert_eq!(heard, sent, "each message once, in order");
    assert!(
        sent.len() > KILLS,
        "the conversation went on between the kills"
    );
    check_links(&done).await;
}

fn start(folder: &Path, port: u16) -> Running {
    Running::start_with(folder, port, &["--limits", "off"])
}

/// Makes links and redeems every second one, until it is over.
fn make_links(
    partner: &Partner,
    server: &Running,
    done: Arc<Acknowledged>,
    number: usize,
) -> JoinHandle<()> {
    let key = ApiKey::parse(&partner.api_key).unwrap();
    let client = ApiClient::new(Server::at(&server.url()).unwrap(), key);
    tokio::spawn(async move {
        let mut is_redeemed = false;
        for round in 0.. {
            if done.is_over() {
                return;
            }
            let wish = LinkWish {
                chat_id: Some(format!("load {number} {round}")),
                lifetime: Duration::from_hours(1),
                label: Label::parse("").unwrap(),
            };
            let Some(made) = passing(client.make_link(&wish).await) else {
                continue;
            };
            done.count();
            is_redeemed = !is_redeemed;
            if is_redeemed {
                let Some(invitation) = passing(Invitation::look(&made.url).await) else {
                    continue;
                };
                let Some(_) = passing(invitation.redeem().await) else {
                    continue;
                };
                done.count();
            }
            done.links
                .lock()
                .unwrap()
                .push((made.url.to_string(), is_redeemed));
        }
    })
}

/// A server that is down too long may be given up; anything else is wrong.
fn passing<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) if error.is_passing() => None,
        Err(error) => panic!("{error}"),
    }
}

/// A customer who talks without a pause, and an agent who listens.
async fn talk(
    partner: &Partner,
    server: &Running,
    done: Arc<Acknowledged>,
) -> (Live, JoinHandle<Vec<String>>) {
    let link = partner.link(&["--chat", "talk"]);
    let customer = Invitation::look(link["secureUrl"].as_str().unwrap())
        .await
        .unwrap()
        .redeem()
        .await
        .unwrap();
    let password = Password::entered(PASSWORD);
    let address = Server::at(&server.url()).unwrap();
    let session = AgentSession::sign_in(&address, &partner.email, &password)
        .await
        .unwrap();
    let attention = Attention {
        chat_id: Some("talk".into()),
        ..Attention::default()
    };
    let (agent, listener) = live::attend(session, attention).unwrap();
    // Its input never ends, for it only listens.
    std::mem::forget(listener);
    let (mut live, writer) = live::converse(customer);
    let counted = Arc::clone(&done);
    let statuses = tokio::spawn(async move {
        let mut sent = 0;
        while let Some(event) = live.next().await {
            match event {
                Event::Status(progress) if progress.status == Status::Sent => {
                    sent += 1;
                    counted.count();
                }
                Event::Problem(trouble) => panic!("{}", trouble.error),
                _ => {}
            }
        }
        sent
    });
    let talk = tokio::spawn(async move {
        let said = say_until_over(&writer, &done).await;
        drop(writer);
        assert_eq!(
            statuses.await.unwrap(),
            said.len(),
            "each is acknowledged once"
        );
        said
    });
    (agent, talk)
}

async fn say_until_over(writer: &Writer, done: &Acknowledged) -> Vec<String> {
    let mut said = Vec::new();
    while !done.is_over() {
        let text = format!("message {}", said.len());
        writer
            .write(Line::saying(MessageText::parse(&text).unwrap()))
            .await
            .unwrap();
        said.push(text);
    }
    said
}

async fn heard(mut agent: Live, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    while heard.len() < count {
        match agent.next().await.expect("the agent listens") {
            Event::Message(incoming) => {
                assert!(!incoming.differs, "both sides saw the same");
                let Some(Content::Text(text)) = &incoming.content else {
                    panic!("{incoming:?}")
                };
                assert_eq!(incoming.seq, heard.len() as u64 + 1);
                heard.push(text.as_str().to_owned());
                agent.shown(&incoming.chat_id, incoming.seq);
            }
            Event::Problem(trouble) => panic!("{}", trouble.error),
            _ => {}
        }
    }
    heard
}

async fn check_links(done: &Acknowledged) {
    let links = std::mem::take(&mut *done.links.lock().unwrap());
    assert!(links.iter().filter(|(_, is_redeemed)| *is_redeemed).count() > KILLS);
    for (url, is_redeemed) in links {
        let state = match Invitation::look(&url).await {
            Ok(_) => State::Valid,
            Err(error) => error.state().unwrap(),
        };
        let expected = if is_redeemed {
            State::Used
        } else {
            State::Valid
        };
        assert_eq!(state, expected);
    }
}
