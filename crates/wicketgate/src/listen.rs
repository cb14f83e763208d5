//! Taking the address that the server listens on, and saying truly why it can't be had.

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep, timeout},
};

use crate::failure::Failure;

/// For how long a port is waited for that only an old connection holds: systems let go of those after a minute.
const PATIENCE: Duration = Duration::from_secs(75);

/// Between two tries.
const BETWEEN: Duration = Duration::from_millis(250);

/// How long another program may take to answer a knock.
const KNOCK: Duration = Duration::from_secs(2);

/// Listens on the address. Where nobody listens and only a connection holds the port, waits until it is free.
///
/// # Errors
/// One sentence about why it can't be had.
pub(crate) async fn on(address: SocketAddr) -> Result<TcpListener, Failure> {
    let deadline = Instant::now() + PATIENCE;
    let mut told = false;
    loop {
        let error = match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => error,
        };
        if error.kind() != ErrorKind::AddrInUse {
            return Err(refused(address, &cause(&error)));
        }
        if someone_listens(address).await {
            let cause = "another program listens there; stop it, or choose another port";
            return Err(refused(address, cause));
        }
        if Instant::now() > deadline {
            let cause = "a connection of another program holds the port, though nobody was found to listen there; choose another port";
            return Err(refused(address, cause));
        }
        if !told {
            tracing::warn!(%address, "only a connection holds this port, nobody listens there: waiting until it is free");
            told = true;
        }
        sleep(BETWEEN).await;
    }
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "this user may not; choose a port above 1023".to_owned(),
        ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        _ => error.to_string(),
    }
}

fn refused(address: SocketAddr, cause: &str) -> Failure {
    Failure::new(format!(
        "--listen (WICKETGATE_LISTEN) is `{address}`, and that can't be listened on: {cause}."
    ))
}

/// Whether a program takes connections there. Who does not answer at all has at least not refused.
async fn someone_listens(address: SocketAddr) -> bool {
    let (v4, v6) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
    let doors: &[IpAddr] = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => &[v4],
        IpAddr::V6(ip) if ip.is_unspecified() => &[v6, v4],
        ip => &[ip],
    };
    for &door in doors {
        let knock = timeout(KNOCK, TcpStream::connect((door, address.port()))).await;
        let refused =
            matches!(&knock, Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused);
        // Without the protocol nobody listens by it.
        let absent =
            matches!(&knock, Ok(Err(error)) if error.kind() == ErrorKind::AddrNotAvailable);
        if !refused && !absent {
            return true;
        }
    }
    false
}
