//! The server under load: the release binary with a database of its own in a temporary folder.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep},
};

const SETUP_TOKEN: &str = "a-set-up-token-for-load-tests-only";
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// A running server with one partner. It is ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Program {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// A key that may make links.
    pub(crate) api_key: String,
    process: Child,
    folder: TempDir,
}

impl Program {
    /// Starts the binary and makes a partner.
    pub(crate) async fn start(binary: &Path) -> Result<Self> {
        let folder = TempDir::new()?;
        let address = free_address()?;
        let process = Command::new(binary)
            .current_dir(folder.path())
            .args(["serve", "--listen", &address.to_string(), "--limits", "off"])
            .env("WICKETGATE_SETUP_TOKEN", SETUP_TOKEN)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("can't start {}", binary.display()))?;
        reachable(address).await?;
        let api_key = make_partner(binary, address, folder.path()).await?;
        Ok(Self {
            address,
            api_key,
            process,
            folder,
        })
    }

    /// A folder on the same disk as the database.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its resident memory in bytes, as the kernel counts it.
    pub(crate) fn resident(&self) -> Result<u64> {
        let id = self.process.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix("kB"))
            .context("no VmRSS line")?;
        Ok(kibibytes.trim().parse::<u64>()? * 1024)
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

async fn reachable(address: SocketAddr) -> Result<()> {
    let deadline = Instant::now() + STARTS_WITHIN;
    while TcpStream::connect(address).await.is_err() {
        if Instant::now() > deadline {
            bail!("the server did not listen on {address} within {STARTS_WITHIN:?}");
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn make_partner(binary: &Path, address: SocketAddr, folder: &Path) -> Result<String> {
    let password = folder.join("password");
    std::fs::write(&password, "a pass phrase for load tests")?;
    let output = Command::new(binary)
        .args(["partner", "create", "--json", "--name", "Load", "--email"])
        .args(["load@example.org", "--setup-token", SETUP_TOKEN])
        .args(["--server", &format!("http://{address}"), "--password-file"])
        .arg(&password)
        .output()
        .await?;
    if !output.status.success() {
        bail!(
            "partner create failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let key = answer["apiKey"].as_str().context("no apiKey")?;
    Ok(key.to_owned())
}
