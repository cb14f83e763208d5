//! A client of the server, and what it is answered.

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use wicketgate_protocol::Code;

/// A client of the server, with headers that go along each time.
#[derive(Clone)]
pub(crate) struct TestClient {
    router: Router,
    headers: HeaderMap,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) body: String,
    pub(crate) json: Value,
}

impl TestClient {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            headers: HeaderMap::new(),
        }
    }

    /// The same client with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// The same client with that bearer token in place of any credential.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The same client with cookies, as a page of this server sends them.
    pub(crate) fn cookies(self, cookies: &str) -> Self {
        self.without_credential()
            .with("cookie", cookies)
            .with("origin", super::PUBLIC)
    }

    pub(crate) fn without_credential(mut self) -> Self {
        self.headers.remove(header::AUTHORIZATION);
        self.headers.remove(header::COOKIE);
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_raw(path, "application/json", body.to_string())
            .await
    }

    pub(crate) async fn post_raw(
        &self,
        path: &str,
        content_type: &'static str,
        body: impl Into<Body>,
    ) -> Reply {
        self.send(Method::POST, path, Some(content_type), body.into())
            .await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Body,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .body(body)
            .unwrap();
        *request.headers_mut() = self.headers.clone();
        if let Some(content_type) = content_type {
            let value = HeaderValue::from_static(content_type);
            request.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json: serde_json::from_slice(&bytes).unwrap_or_default(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }
}

impl Reply {
    /// A text of the answer's JSON.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.json[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field} in {}", self.body))
    }

    /// A header's text; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Every cookie that is set.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    /// Checks that it is a problem document of that kind, complete and true to itself.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str) -> &Self {
        assert_eq!(
            (self.status, &self.json["code"]),
            (status, &code.into()),
            "{}",
            self.body
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["success"], false);
        assert_eq!(self.json["type"], format!("/problems/{code}"));
        let kind = Code::ALL.iter().find(|kind| kind.name() == code).unwrap();
        assert_eq!(self.json["title"], kind.title());
        assert!(!self.text("error").is_empty());
        self
    }

    /// Checks that it is a problem that names a field.
    #[track_caller]
    pub(crate) fn is_field_problem(&self, field: &str) -> &Self {
        self.is_problem(422, "invalid_field");
        assert_eq!(self.json["field"], field, "{}", self.body);
        self
    }
}
