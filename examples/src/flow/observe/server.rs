//! The statistics by HTTP, from a thread of their own.

use std::{
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use nebula_memory::stats::{
    ExportError, PrometheusExporter, PrometheusFormat, StatsCollector, StatsExporter,
};
use tokio::{sync::Semaphore, time::timeout};

use super::{Statistics, health::Monitors, statistics::page};
use crate::flow::report::leave_out;

/// How often a page asks for newer figures.
const REFRESH: Duration = Duration::from_secs(1);
/// So many clients at once; others wait.
const CLIENTS: usize = 256;
/// How long a client may take for its request, and until it is done with us.
const PATIENCE: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(60)];

/// A server, until the program ends.
pub(crate) struct Server {
    address: SocketAddr,
    thread: JoinHandle<()>,
}

impl Server {
    /// # Errors
    /// If the address is not to be had, or there cannot be a thread.
    pub(crate) fn start(address: SocketAddr, statistics: &Statistics) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let collector = statistics.collector();
        let run = move || {
            let _left_out = leave_out();
            runtime.block_on(serve(listener, collector));
        };
        let thread = thread::Builder::new().name("flow-server".into()).spawn(run)?;
        Ok(Self { address, thread })
    }

    /// Where it is; the port is the one that it got.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Goes on until the program is interrupted.
    pub(crate) fn wait(self) {
        // It does not end by itself, unless it panics, of which the message has been printed.
        let _ = self.thread.join();
    }
}

async fn serve(listener: TcpListener, collector: Arc<StatsCollector>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let clients = Arc::new(Semaphore::new(CLIENTS));
    let monitors = Arc::<Monitors>::default();
    // So that the first who asks is told what has been refused since now.
    monitors.look(&collector.snapshot());
    loop {
        let Ok(client) = Arc::clone(&clients).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, say: that passes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (collector, monitors) = (Arc::clone(&collector), Arc::clone(&monitors));
        tokio::spawn(async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let response = respond(&request, &collector, &monitors);
                async { Ok::<_, Infallible>(response) }
            });
            let [head, all] = PATIENCE;
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(head)
                .serve_connection(TokioIo::new(stream), answer);
            // A client that breaks off is its own business.
            let _ = timeout(all, connection).await;
            drop(client);
        });
    }
}

type Answer = Response<Full<Bytes>>;

fn respond(request: &Request<Incoming>, collector: &StatsCollector, monitors: &Monitors) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        answer.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    let html = "text/html; charset=utf-8";
    let json = "application/json";
    let answer = match request.uri().path() {
        "/" => {
            let (exporter, now) = page(collector);
            exporter.refreshing("/stats.json", REFRESH).export(&now).map(|page| (StatusCode::OK, html, page))
        }
        "/stats.json" => {
            let (exporter, now) = page(collector);
            exporter.refreshing("/stats.json", REFRESH).data(&now).map(|data| (StatusCode::OK, json, data))
        }
        "/metrics" => {
            let exporter = PrometheusExporter::with_format(wanted(request));
            let text = exporter.export(&collector.snapshot());
            text.map(|text| (StatusCode::OK, exporter.content_type(), text))
        }
        "/health" => {
            let health = monitors.look(&collector.snapshot());
            let status =
                if health.is_operational() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            serde_json::to_string(&health).map_err(ExportError::new).map(|health| (status, json, health))
        }
        _ => return plain(StatusCode::NOT_FOUND, "here are /, /stats.json, /metrics and /health\n"),
    };
    match answer {
        Ok((status, kind, body)) => build(status, kind, body),
        Err(error) => plain(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    }
}

/// The format that a scrape asks for: `OpenMetrics` if it is named, and not refused.
fn wanted(request: &Request<Incoming>) -> PrometheusFormat {
    let accepted = request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let open = accepted.flat_map(|value| value.split(',')).any(|kind| {
        let mut parts = kind.split(';').map(str::trim);
        parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/openmetrics-text"))
            && !parts.any(|part| part.strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0)))
    });
    if open { PrometheusFormat::OpenMetrics } else { PrometheusFormat::Text }
}

fn plain(status: StatusCode, text: impl Into<String>) -> Answer {
    build(status, "text/plain; charset=utf-8", text.into())
}

fn build(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, hyper::header::HeaderValue::from_static("no-store"));
    answer
}
