//! A page that asks for newer figures.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use nebula_memory::stats::{HtmlExporter, StatsExporter};

use crate::{browser::Browser, samples};

/// Answers with the page, and with the figures of one moment after the other. Until it is told to stop.
fn serve(listener: &TcpListener, stop: &AtomicBool, answered: &AtomicUsize) {
    let sample = samples::server(240);
    let exporter = HtmlExporter::new().refreshing("/stats.json", Duration::from_millis(20));
    for connection in listener.incoming() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut connection: TcpStream = connection.unwrap();
        let mut head = String::new();
        let mut reader = BufReader::new(connection.try_clone().unwrap());
        while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
        let at = 2 + answered.load(Ordering::Relaxed).min(200);
        let (now, exporter) = (&sample.history[at], exporter.clone().with_history(&sample.history[..at]));
        let (kind, body) = if head.starts_with("GET /stats.json") {
            answered.fetch_add(1, Ordering::Relaxed);
            ("application/json", exporter.data(now).unwrap())
        } else {
            ("text/html", exporter.export(now).unwrap())
        };
        let length = body.len();
        let _ = write!(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
    }
}

#[test]
fn a_live_page_goes_on_and_keeps_what_the_reader_chose() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let server = thread::spawn({
        let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
        move || serve(&listener, &stop, &answered)
    });

    let mut browser = Browser::start("live");
    browser.prefer(400, 800, "light");
    browser.open(&format!("http://{address}/"));
    browser.evaluate("document.querySelector('#treemap input[value=bytes]').click()");
    browser.evaluate("document.querySelector('#treemap input[value=scopes]').click()");
    browser.evaluate("document.querySelector('#theme').click()");
    browser.evaluate("document.querySelector('#timeline details').open = true");
    browser
        .evaluate("scrollTo(0, 700), document.querySelector('#timeline svg').focus({ preventScroll: true })");
    browser.press("End");
    let moments = "Number(document.querySelector('#timeline .total').dataset.value.split(' ').length)";
    let before = browser.evaluate(moments).as_u64().unwrap();
    browser.wait_for(&format!("{moments} > {}", before + 20));

    for (choice, chosen) in [("by", "bytes"), ("parts", "scopes")] {
        let choice = format!("document.querySelector('#treemap input[name={choice}]:checked').value");
        assert_eq!(browser.evaluate(&choice), chosen);
    }
    assert_eq!(browser.evaluate("document.documentElement.dataset.theme"), "dark");
    assert_eq!(browser.evaluate("document.querySelector('#timeline details').open"), true);
    assert_eq!(browser.evaluate("document.activeElement === document.querySelector('#timeline svg')"), true);
    assert_eq!(browser.evaluate("document.querySelector('#tip').hidden"), false);
    assert_eq!(browser.evaluate("scrollY"), 700);
    assert!(browser.complaints().is_empty(), "{:#?}", browser.complaints());
    let own = format!("http://{address}/");
    assert!(browser.requests().iter().all(|url| url.starts_with(&own)), "{:?}", browser.requests());

    browser.evaluate("document.querySelector('#pause').click()");
    browser.wait_for("document.querySelector('#pause').getAttribute('aria-pressed') === 'true'");
    browser.evaluate("document.querySelector('#pause').click()");

    stop.store(true, Ordering::Relaxed);
    // It waits for a connection, and then looks.
    let _ = TcpStream::connect(address);
    server.join().unwrap();
    browser.wait_for("document.querySelector('#when').textContent.includes('no answer')");
}
