//! Accepting connections, with a limit on everything that a client could stretch, and a stop that loses nothing.

mod heads;
mod refusals;

use crate::{peer::Peer, routes::router, state::AppState, sweeper};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use heads::{Heads, Progress, Shared};
use http::StatusCode;
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{Sleep, sleep, timeout},
};
use tower::ServiceExt as _;
use wicketgate_domain::StoreError;

/// How long the other end may leave no room for more of its answer.
const STALL: Duration = Duration::from_secs(10);
/// How long requests may take to finish when the server stops: longer than a body may take.
const FAREWELL: Duration = Duration::from_secs(15);
/// What a connection reads ahead at the most: room for a head with twenty seats' cookies.
const READ_AHEAD: usize = 16 * 1024;
/// The most headers of a request: a browser sends about twenty, and each proxy on the way adds some.
const MOST_HEADERS: usize = 128;

/// Why serving ended, when nobody asked it to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store can never write again in this process.
    #[error("the database can no longer be written: {0}")]
    Store(StoreError),
}

/// Serves until `shutdown` is done, then finishes what was begun and closes the store.
///
/// # Errors
/// [`ServeError::Store`] when the store failed for good. What was acknowledged before is kept.
pub async fn serve(
    state: AppState,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let app = router(state.clone());
    let stopping = watch::Sender::new(false);
    let sweeping = tokio::spawn(sweeper::run(state.clone()));
    let ended = tokio::select! {
        never = accept(&listener, &app, &stopping, &state) => match never {},
        () = shutdown => Ok(()),
        error = state.store.failed() => Err(ServeError::Store(error)),
    };
    drop(listener);
    sweeping.abort();
    tracing::info!("stopping: finishing what was begun");
    stopping.send_replace(true);
    // Every connection holds a receiver until it has answered what it had begun.
    let ((), requests) = tokio::join!(
        state.sockets.shutdown(),
        timeout(FAREWELL, stopping.closed())
    );
    if requests.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    state.store.close().await;
    ended
}

/// Accepts as many connections as may be served at once.
async fn accept(
    listener: &TcpListener,
    app: &Router,
    stopping: &watch::Sender<bool>,
    state: &AppState,
) -> std::convert::Infallible {
    let mut http = http1::Builder::new();
    // How long a head may take is the stream's to watch.
    http.timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_buf_size(READ_AHEAD)
        .max_headers(MOST_HEADERS);
    let settings = &state.settings;
    let room = Arc::new(Semaphore::new(settings.connections));
    let port = listener.local_addr().ok().map(|address| address.port());
    let shared = Arc::new(Shared::new(refusals::of(state).await));
    loop {
        // The semaphore is never closed, so there always comes a permit.
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            continue;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let peer = Peer::new(peer, port, settings);
                let shared = Arc::clone(&shared);
                let connection = Connection {
                    peer,
                    permit,
                    shared,
                };
                connection.spawn(stream, &http, app.clone(), stopping.subscribe());
            }
            Err(error) => rest(&error).await,
        }
    }
}

/// After a failed accept: one client's trouble is no reason to wait, but a lack of files or memory is.
async fn rest(error: &io::Error) {
    let clients_own = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    );
    if !clients_own {
        tracing::warn!(%error, "no connection can be accepted right now");
        sleep(Duration::from_millis(100)).await;
    }
}

struct Connection {
    peer: Peer,
    permit: OwnedSemaphorePermit,
    shared: Arc<Shared>,
}

impl Connection {
    fn spawn(
        self,
        stream: TcpStream,
        http: &http1::Builder,
        app: Router,
        mut stopping: watch::Receiver<bool>,
    ) {
        // Small frames must not wait for the other side's acknowledgement. Without it the connection still works.
        let _ = stream.set_nodelay(true);
        let peer = self.peer;
        let progress = Progress::new();
        let ours = progress.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            ours.begin();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            let (answering, progress) = (app.clone().oneshot(request), ours.clone());
            async move {
                answering
                    .await
                    .map(|response| ResponseBody::of(response, progress))
            }
        });
        let stream = Counted {
            stream,
            stalled: None,
            _permit: self.permit,
        };
        let stream = Heads::new(stream, progress, self.shared);
        let connection = http
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            // A client that breaks off or sends nonsense is no event: hyper has answered what can be answered.
            tokio::select! {
                _ = connection.as_mut() => return,
                _ = stopping.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
}

/// A response body that tells when all of it has been taken.
struct ResponseBody {
    body: Body,
    progress: Progress,
}

impl ResponseBody {
    fn of(response: Response, progress: Progress) -> Response {
        // What comes after a switch is no request.
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return response;
        }
        response.map(|body| Body::new(Self { body, progress }))
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.progress.end();
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that takes up one of the places for connections for as long as it is open, also once it is a socket. Who
/// does not read what it is sent loses the place.
struct Counted {
    stream: TcpStream,
    /// Runs while the other end leaves no room.
    stalled: Option<Pin<Box<Sleep>>>,
    _permit: OwnedSemaphorePermit,
}

impl Counted {
    /// Ends the patience that began with the first write that found no room.
    fn patiently(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALL)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.patiently(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.patiently(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
