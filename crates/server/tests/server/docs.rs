//! What is made by a command and committed is what the command makes now.

use crate::support::TestApp;
use std::{fs, path::Path};

/// Compares a committed file with what it should hold; rewrites it when `UPDATE_SNAPSHOTS` is set.
fn is_fresh(path: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "{} is stale: UPDATE_SNAPSHOTS=1 cargo nextest run --release -p wicketgate-server docs",
        path.display()
    );
}

#[test]
fn docs_api_document_is_fresh() {
    is_fresh("docs/api/openapi.json", &wicketgate_server::openapi_json());
}

#[tokio::test]
async fn docs_are_served_with_the_servers_own_address() {
    for address in ["https://links.example.org", "http://localhost:3000"] {
        let app = TestApp::start_with(|settings| {
            settings.public_url = address.parse().unwrap();
        })
        .await;
        let mut served = app.nobody().get("/api/openapi.json").await.json;
        assert_eq!(served["servers"][0]["url"], address);
        served["servers"][0]["url"] = "/".into();
        let committed = wicketgate_server::openapi_json();
        let committed: serde_json::Value = serde_json::from_str(&committed).unwrap();
        assert_eq!(served, committed, "{address}");
    }
}

#[test]
fn docs_problems_are_fresh() {
    is_fresh("docs/problems.md", &wicketgate_server::problems_markdown());
}

#[test]
fn docs_api_document_holds_the_frames() {
    let document: serde_json::Value =
        serde_json::from_str(&wicketgate_server::openapi_json()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for schema in ["ClientFrame", "ServerFrame", "Problem"] {
        assert!(
            document["components"]["schemas"][schema].is_object(),
            "{schema}"
        );
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["operationId"].is_string(), "{method} {path}");
            assert!(operation["responses"]["503"].is_object(), "{method} {path}");
        }
    }
}
