//! Servers behind TLS: whose certificate is believed, and what is said of one that is not.

use std::{
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    PKCS_ED25519, date_time_ymd,
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

use crate::support::{Partner, Running, Terminal, free_port, run};

/// An authority of the tests.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate.
    pem: String,
}

impl Authority {
    fn named(name: &str) -> Self {
        Self::with(name, KeyPair::generate().unwrap())
    }

    fn with(name: &str, key: KeyPair) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// A TLS end in front of a server, with a certificate for that name. Answers its port.
    async fn front(
        &self,
        server: u16,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> u16 {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not believe goes away, which is what is tested.
                    if let Ok(mut from) = acceptor.accept(stream).await
                        && let Ok(mut to) = TcpStream::connect(("127.0.0.1", server)).await
                    {
                        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                    }
                });
            }
        });
        port
    }
}

fn as_it_is(_: &mut CertificateParams) {}

/// A server with a partner, and files with the certificates of authorities.
struct Scene {
    folder: tempfile::TempDir,
    partner: Partner,
    port: u16,
    own: Authority,
    _server: Running,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let server = Running::start(folder.path(), port);
        let partner = Partner::create(&server, folder.path());
        Self {
            folder,
            partner,
            port,
            own: Authority::named("Own"),
            _server: server,
        }
    }

    /// A file with that in it.
    fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The own authority's certificate, behind another one as in a bundle.
    fn own_file(&self) -> String {
        let bundle = format!("{}{}", Authority::named("Other").pem, self.own.pem);
        self.file("own.pem", &bundle)
    }

    fn create(&self, scheme: &str, port: u16, flags: &[&str]) -> Output {
        let url = format!("{scheme}://localhost:{port}");
        let key = &self.partner.api_key;
        let words = ["link", "create", "--server", &url, "--api-key", key];
        run(&[&words, flags].concat())
    }

    /// Checks that a link is not made, and why, in words.
    #[track_caller]
    fn is_refused(&self, scheme: &str, port: u16, flags: &[&str], why: &str) {
        let output = self.create(scheme, port, flags);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(why), "{why}: {said}");
        for word in [
            "Os {",
            "Custom",
            "Error(",
            "Context",
            " { ",
            "InvalidCertificate",
            "BadEncoding",
        ] {
            assert!(!said.contains(word), "{said}");
        }
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_of_ones_own_is_believed_when_it_is_named() {
    let scene = Scene::new();
    let port = scene.own.front(scene.port, "localhost", as_it_is).await;
    let own = scene.own_file();
    let made = scene.create("https", port, &["--ca-file", &own]);
    assert!(made.status.success(), "{made:?}");
    let (url, key) = (format!("https://localhost:{port}"), &scene.partner.api_key);
    let before = ["link", "--ca-file", &own, "list", "--server", &url];
    let listed = run(&[&before[..], &["--api-key", key]].concat());
    assert!(listed.status.success(), "{listed:?}");

    let unknown = "self-signed, or from an authority that this computer does not know";
    scene.is_refused("https", port, &[], unknown);
    let strange = scene.file("strange.pem", &Authority::named("Strange").pem);
    scene.is_refused("https", port, &["--ca-file", &strange], unknown);
    let posing = scene.file("posing.pem", &Authority::named("Own").pem);
    let unsigned = "was not signed by the authority that it names";
    scene.is_refused("https", port, &["--ca-file", &posing], unsigned);
    let other_kind = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let posing = scene.file("posing.pem", &Authority::with("Own", other_kind).pem);
    scene.is_refused("https", port, &["--ca-file", &posing], unsigned);
    let garbage = scene.file("garbage.pem", "no certificate");
    let nothing = "it holds no certificate in PEM";
    scene.is_refused("https", port, &["--ca-file", &garbage], nothing);
    let missing = scene.folder.path().join("missing.pem");
    let flags = ["--ca-file", missing.to_str().unwrap()];
    scene.is_refused(
        "https",
        port,
        &flags,
        "missing.pem`, and that can't be used",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_certificate_is_said_in_words() {
    let scene = Scene::new();
    let own = scene.own_file();
    let flags = ["--ca-file", &own];
    let expired = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    let expired = scene.own.front(scene.port, "localhost", expired).await;
    scene.is_refused("https", expired, &flags, "its certificate has expired");
    let early = |params: &mut CertificateParams| params.not_before = date_time_ymd(4000, 1, 1);
    let early = scene.own.front(scene.port, "localhost", early).await;
    scene.is_refused("https", early, &flags, "is not valid yet");
    let elsewhere = scene.own.front(scene.port, "chat.example", as_it_is).await;
    let other = "is not for `localhost`, but for";
    scene.is_refused("https", elsewhere, &flags, other);
    let no_server = |params: &mut CertificateParams| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    };
    let no_server = scene.own.front(scene.port, "localhost", no_server).await;
    let only_clients = |params: &mut CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    };
    let client = scene.own.front(scene.port, "localhost", only_clients).await;
    scene.is_refused("https", client, &flags, "is not that of a server");
    let authority = "is that of an authority, not that of a server";
    scene.is_refused("https", no_server, &flags, authority);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_speaks_another_protocol_is_named() {
    let scene = Scene::new();
    let behind = scene.own.front(scene.port, "localhost", as_it_is).await;
    let clear = "does not speak TLS, as if its address began with http://.";
    scene.is_refused("https", scene.port, &[], clear);
    let tls = "it is not HTTP, as if the address began with https://";
    scene.is_refused("http", behind, &[], tls);
    scene.is_refused(
        "https",
        1,
        &[],
        "The server can't be reached: Connection refused",
    );
}

/// A proxy as in an office: asked by `CONNECT`, and the only one who knows where a name leads. Answers its port, and
/// counts what it was asked for.
async fn office_proxy(name: &'static str, port: u16) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(from.read_u8().await.unwrap());
                }
                let wanted = format!("CONNECT {name}:{port} HTTP/1.1\r\n");
                assert!(head.starts_with(wanted.as_bytes()));
                counted.fetch_add(1, Ordering::SeqCst);
                from.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let mut to = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
            });
        }
    });
    (own, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_goes_through_the_proxy_of_the_other_calls() {
    let scene = Scene::new();
    let port = scene.own.front(scene.port, "chat.test", as_it_is).await;
    let (proxy, asked) = office_proxy("chat.test", port).await;
    let proxy = format!("http://127.0.0.1:{proxy}");
    let link = scene.partner.link(&["--chat", "c"]);
    let url = link["secureUrl"].as_str().unwrap();
    let url = url.replacen(
        &format!("http://localhost:{}", scene.port),
        &format!("https://chat.test:{port}"),
        1,
    );
    let own = scene.own_file();
    let words = ["chat", "--ca-file", &own, "open", &url, "--json"];
    for setting in ["HTTPS_PROXY", "ALL_PROXY"] {
        // Whoever is sent elsewhere finds nobody.
        let mut lost =
            Terminal::start_with(&words, &[(setting, &proxy), ("NO_PROXY", "chat.test")]);
        lost.wait_for(&json!({ "event": "problem", "code": "unreachable" }));
    }
    let mut customer = Terminal::start_with(&words, &[("HTTPS_PROXY", &proxy)]);
    customer.wait_for(&json!({ "event": "connection", "connected": true, "by": "socket" }));
    let mut agent = scene.partner.attend(&["--chat", "c"]).ready();
    customer.say("from an office");
    agent.wait_for(&json!({ "event": "message", "text": "from an office" }));
    agent.say(&json!({ "text": "to an office" }).to_string());
    customer.wait_for(&json!({ "event": "message", "text": "to an office" }));
    assert!(
        asked.load(Ordering::SeqCst) > 0,
        "nobody else knows the name"
    );
}
