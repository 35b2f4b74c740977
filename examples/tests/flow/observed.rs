//! What the memory of a run did, on a page and by HTTP.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::folder::Folder;

/// The figures in a page.
fn figures(page: &str) -> Value {
    let (_, from) = page.split_once(r#"<script type="application/json" id="data">"#).unwrap();
    serde_json::from_str(from.split_once("</script>").unwrap().0).unwrap()
}

fn allocator<'v>(data: &'v Value, name: &str) -> &'v Value {
    let all = data["snapshot"]["allocators"].as_array().unwrap();
    &all.iter().find(|entry| entry["name"] == name).unwrap_or_else(|| panic!("no {name}: {all:?}"))["stats"]
}

#[test]
fn the_page_has_the_figures_of_the_run() {
    let folder = Folder::new();
    let run = |report: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_flow")).args(report).current_dir(folder.path("")).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty());
        let text = String::from_utf8(output.stdout).unwrap();
        text.split("\n━━ Memory ━━").next().unwrap().to_owned()
    };
    assert_eq!(run(&["--report", "out.html"]), run(&[]), "looking changes nothing");
    let page = fs::read_to_string(folder.path("out.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"));
    let data = figures(&page);
    for arena in ["run: small values", "run: lists and tables", "batches"] {
        let stats = allocator(&data, arena);
        assert!(
            stats["bytes"].as_u64() > Some(10_000) && stats["peak"].as_u64() > Some(0),
            "{arena}: {stats}"
        );
        assert_eq!(stats["in_use"], 0, "{arena} has been given back");
        assert_eq!(stats["allocations"], stats["deallocations"], "{arena}");
    }
    let batches = allocator(&data, "slots for batches");
    assert!(batches["allocations"].as_u64() > Some(27_004 / 1024 * 3), "{batches}");
    assert_eq!(batches["allocations"], batches["deallocations"]);
    assert_eq!(batches["hits"], batches["allocations"], "one pool was enough");
    let histograms = data["snapshot"]["histograms"].as_array().unwrap();
    for name in ["Sizes of values", "Time of a batch"] {
        let entry = histograms.iter().find(|entry| entry["name"] == name).unwrap();
        let counts =
            entry["buckets"].as_array().unwrap().iter().map(|bucket| bucket["count"].as_u64().unwrap());
        assert_eq!(entry["stats"]["count"], counts.sum::<u64>());
        assert!(entry["stats"]["count"].as_u64() > Some(50));
    }
    let line = data["history"]["in_use"].as_array().unwrap();
    assert!(line.len() >= 6, "a look before and after each workflow");
    assert!(data["history"]["peak"].as_array().unwrap().last().unwrap().as_u64() > Some(10_000), "{line:?}");
}

/// Serves until it is dropped.
struct Served {
    program: Child,
    /// Open as long as the program runs: it may have to say something.
    errors: BufReader<ChildStderr>,
    address: String,
}

impl Served {
    fn start(folder: &Folder, more: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_flow"))
            .args(["--serve", "127.0.0.1:0"])
            .args(more)
            .current_dir(folder.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut errors = BufReader::new(program.stderr.take().unwrap());
        errors.read_line(&mut said).unwrap();
        let address = said.split_once("http://").and_then(|(_, rest)| rest.split_once('/'));
        let address = address.unwrap_or_else(|| panic!("no address: {said}")).0.to_owned();
        assert!(!address.ends_with(":0"), "{said}");
        Self { program, errors, address }
    }

    /// What a program has said that has ended, and how.
    fn last_words(&mut self) -> String {
        let mut said = String::new();
        let _ = self.errors.read_to_string(&mut said);
        format!("{:?}: {said}", self.program.wait())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Status line and headers, in lower case, and the body.
    fn ask(&self, method: &str, path: &str, headers: &str) -> (String, String) {
        let mut stream = self.connect();
        let address = &self.address;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn every_path_answers() {
    let folder = Folder::new();
    let served = Served::start(&folder, &[]);
    let (head, page) = served.ask("GET", "/", "");
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/html"), "{head}");
    assert_eq!(figures(&page)["live"]["url"], "/stats.json");
    let (head, data) = served.ask("GET", "/stats.json", "");
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: application/json"), "{head}");
    let data: Value = serde_json::from_str(&data).unwrap();
    allocator(&data, "batches");

    let (head, text) = served.ask("GET", "/metrics", "");
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    assert!(text.contains("# TYPE nebula_memory_allocations_total counter") && !text.contains("# EOF"));
    let accept = "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3\r\n";
    let (head, text) = served.ask("GET", "/metrics", accept);
    assert!(head.contains("content-type: application/openmetrics-text; version=1.0.0"), "{head}");
    assert!(text.ends_with("# EOF\n"));
    let (head, _) = served.ask("GET", "/metrics", "Accept: application/openmetrics-text;q=0\r\n");
    assert!(head.contains("content-type: text/plain"), "{head}");

    let (head, health) = served.ask("GET", "/health", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert_eq!(serde_json::from_str::<Value>(&health).unwrap()["status"], "healthy");

    let (head, body) = served.ask("HEAD", "/", "");
    assert!(
        head.starts_with("http/1.1 200") && head.contains("content-length: ") && body.is_empty(),
        "{head}"
    );
    let (head, _) = served.ask("GET", "/nothing", "");
    assert!(head.starts_with("http/1.1 404"), "{head}");
    let (head, _) = served.ask("POST", "/", "Content-Length: 0\r\n");
    assert!(head.starts_with("http/1.1 405") && head.contains("allow: get, head"), "{head}");
    let (head, _) = served.ask("nonsense\u{1}", "/", "");
    assert!(head.starts_with("http/1.1 400"), "{head}");
}

/// Clients that say nothing, break off or do not listen hold up neither the run nor other clients.
#[test]
fn bad_clients_are_nobody_elses_business() {
    let folder = Folder::new();
    let mut served = Served::start(&folder, &[]);
    let silent: Vec<TcpStream> = (0..8).map(|_| served.connect()).collect();
    for _ in 0..8 {
        let mut half = served.connect();
        half.write_all(b"GET / HT").unwrap();
    }
    let deaf: Vec<TcpStream> = (0..8)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(40).as_bytes()).unwrap();
            stream
        })
        .collect();
    let (head, _) = served.ask("GET", "/health", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");

    // All results come, although nobody of those has gone.
    let mut out = BufReader::new(served.program.stdout.take().unwrap());
    let (mut text, mut line) = (String::new(), String::new());
    while !text.contains("* system allocations") {
        line.clear();
        let length = out.read_line(&mut line).unwrap();
        assert!(length > 0, "{text}{}", served.last_words());
        text.push_str(&line);
    }
    drop((silent, deaf));

    // And it goes on serving what was: the line ends with the runs.
    let (_, first) = served.ask("GET", "/stats.json", "");
    thread::sleep(Duration::from_millis(50));
    let (_, second) = served.ask("GET", "/stats.json", "");
    assert_eq!(first, second);
    let data: Value = serde_json::from_str(&first).unwrap();
    assert!(allocator(&data, "batches")["bytes"].as_u64() > Some(0));
}

#[test]
fn what_does_not_go_together_is_said() {
    for (arguments, message) in [
        (&["--report", "x.html", "--memory", "std"][..], "--memory std does not use"),
        (&["--report", "x.html", "--compare"], "cannot be used with"),
        (&["--serve", "nowhere"], "invalid"),
        (&["--repeat", "0"], "0 is not in"),
        (&["--report", "no/such/folder.html"], "cannot write no/such/folder.html"),
        (&["--serve", "203.0.113.1:1"], "cannot serve 203.0.113.1:1"),
    ] {
        let folder = Folder::new();
        let output =
            Command::new(env!("CARGO_BIN_EXE_flow")).args(arguments).current_dir(folder.path("")).output();
        let output = output.unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
}
