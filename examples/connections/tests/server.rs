//! The whole program on a real server, which has to be installed; `.ci/run connections` sees to that.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nebula_memory_connections::report::Report;
use nebula_memory_connections::server::{LONG, Server};
use nebula_memory_connections::{Outcome, compare, failures, tour};

#[tokio::test(flavor = "multi_thread")]
async fn every_option_does_what_it_says() -> Outcome {
    let (server, mut report) = (Server::start()?, Report::default());
    tour::run(&server, &mut report).await?;
    assert!(report.checks() >= 30 && report.failed() == 0, "{report:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_balance_after_each_failure() -> Outcome {
    let (mut server, mut report) = (Server::start()?, Report::default());
    failures::run(&mut server, &mut report).await?;
    assert!(report.checks() >= 39 && report.failed() == 0, "{report:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_does_as_it_should_beside_the_others() -> Outcome {
    let (mut server, mut report) = (Server::start()?, Report::default());
    compare::run(&mut server, &mut report, 1).await?;
    assert!(report.checks() == 1 && report.failed() == 0, "{report:?}");
    Ok(())
}

#[test]
fn a_panic_ends_the_server() {
    let mut port = 0;
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let server = Server::start().unwrap();
        port = server.port();
        assert!(is_there(port));
        std::panic::resume_unwind(Box::new("as expected"));
    }));
    assert!(panicked.is_err() && port != 0 && !is_there(port));
}

#[test]
fn a_program_that_is_killed_leaves_no_server() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_connections")).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.split(&[':', ','][..]).nth(1).and_then(|port| port.parse().ok());
    let port = port.unwrap_or_else(|| panic!("no port in `{line}`"));
    assert!(is_there(port));
    // Nothing is dropped then.
    program.kill().unwrap();
    program.wait().unwrap();
    let until = Instant::now() + LONG;
    while is_there(port) {
        assert!(Instant::now() < until, "still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn is_there(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
