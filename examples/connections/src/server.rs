//! A Redis that lives as long as this program, however that ends.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redis::{Client, Cmd, Connection, FromRedisValue, RedisResult};
use tempfile::TempDir;

use crate::Outcome;
use crate::recipe::Redis;

/// How long a server may take to start, and anything that is waited for to happen.
pub const LONG: Duration = Duration::from_secs(10);

/// A `redis-server` on a free port of the loopback interface, with a folder of its own and nothing kept.
///
/// Dropping it ends the server, so a panic does as well. A process that is killed drops nothing; then the
/// watchdog does: a shell that waits for it.
#[derive(Debug)]
pub struct Server {
    port: u16,
    client: Client,
    folder: TempDir,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    server: Child,
    watchdog: Child,
}

impl Server {
    /// Starts a server.
    ///
    /// # Errors
    /// If there is no `redis-server`, saying how to get one, or if it does not start.
    pub fn start() -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("nebula-connections-").tempdir()?;
        let mut server = Self { port: 0, client: Client::open("redis://127.0.0.1")?, folder, running: None };
        let mut tries = 0;
        loop {
            // Somebody else may take the port before the server does.
            server.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            server.client = Client::open(format!("redis://127.0.0.1:{}", server.port))?;
            tries += 1;
            match server.restart() {
                Err(error) if tries < 5 && !error.is::<Missing>() => {}
                outcome => return outcome.map(|()| server),
            }
        }
    }

    /// Starts it again, where it was. Its data is gone.
    ///
    /// # Errors
    /// If it does not start.
    pub fn restart(&mut self) -> Outcome {
        self.kill();
        let mut server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
            .args(["--logfile", "redis.log", "--port", &self.port.to_string()])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .apart()
            .spawn()
            .map_err(|error| -> Box<dyn std::error::Error + Send + Sync> {
                if error.kind() == io::ErrorKind::NotFound { Missing.into() } else { error.into() }
            })?;
        let watchdog = match Self::guard(&server, self.folder.path()) {
            Ok(watchdog) => watchdog,
            Err(error) => {
                server.kill()?;
                server.wait()?;
                return Err(error.into());
            }
        };
        self.running = Some(Running { server, watchdog });
        self.wait_until_up()
    }

    /// A shell that ends the server when its standard input is closed, as it is when this process ends in any way.
    fn guard(server: &Child, folder: &Path) -> io::Result<Child> {
        Command::new("sh")
            .args(["-c", r#"read -r _; kill -9 "$1"; rm -rf "$2""#, "watchdog", &server.id().to_string()])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .apart()
            .spawn()
    }

    fn wait_until_up(&mut self) -> Outcome {
        let until = Instant::now() + LONG;
        loop {
            match self.connect().and_then(|mut admin| redis::cmd("PING").exec(&mut admin)) {
                Ok(()) => return Ok(()),
                Err(_) if Instant::now() < until && self.is_running() => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => {
                    let log =
                        std::fs::read_to_string(self.folder.path().join("redis.log")).unwrap_or_default();
                    self.kill();
                    return Err(format!("redis-server does not start: {error}\n{log}").into());
                }
            }
        }
    }

    fn is_running(&mut self) -> bool {
        self.running.as_mut().is_some_and(|running| matches!(running.server.try_wait(), Ok(None)))
    }

    /// Ends it at once: clients find their connections closed.
    pub fn kill(&mut self) {
        if let Some(Running { mut server, mut watchdog }) = self.running.take() {
            // The watchdog first: after `wait` the number may be that of another process.
            let _ = watchdog.kill();
            let _ = watchdog.wait();
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// The port it listens to.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where it is.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// A recipe for connections to it.
    pub fn recipe(&self) -> Redis {
        Redis::new(self.client(), Duration::from_millis(500))
    }

    fn connect(&self) -> RedisResult<Connection> {
        let connection = self.client.get_connection_with_timeout(LONG)?;
        connection.set_read_timeout(Some(LONG))?;
        Ok(connection)
    }

    /// Asks the server something, by a connection of its own.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn ask<T: FromRedisValue>(&self, question: &Cmd) -> Outcome<T> {
        Ok(question.query(&mut self.connect()?)?)
    }

    /// Closes all connections but this one, as an administrator would, or a firewall. How many there were.
    ///
    /// # Errors
    /// If the server does not answer.
    pub fn kill_clients(&self) -> Outcome<usize> {
        self.ask(redis::cmd("CLIENT").arg(&["KILL", "TYPE", "normal", "SKIPME", "yes"]))
    }

    /// Answers nobody for a while.
    ///
    /// # Errors
    /// If the server does not answer.
    pub fn pause(&self, time: Duration) -> Outcome {
        self.ask(redis::cmd("CLIENT").arg("PAUSE").arg(time.as_millis().to_string()).arg("ALL"))
    }

    /// Waits until it answers again.
    ///
    /// # Errors
    /// If it does not.
    pub fn wait_for_answer(&self) -> Outcome {
        self.ask(&redis::cmd("PING"))
    }

    /// How many connections it has, without the one that asks.
    ///
    /// # Errors
    /// If the server does not answer.
    pub fn clients(&self) -> Outcome<usize> {
        let list: String = self.ask(redis::cmd("CLIENT").arg("LIST"))?;
        Ok(list.lines().count() - 1)
    }

    /// Its version, address and process.
    ///
    /// # Errors
    /// If the server does not answer.
    pub fn describe(&self) -> Outcome<String> {
        let info: String = self.ask(redis::cmd("INFO").arg("server"))?;
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:")).unwrap_or("?");
        let process = self.running.as_ref().map_or(0, |running| running.server.id());
        Ok(format!("redis-server {version} on 127.0.0.1:{}, process {process}", self.port))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// There is no `redis-server` on the `PATH`.
#[derive(Debug)]
struct Missing;

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "there is no `redis-server` on the PATH, and this example talks to a real one\n\
             \x20 Debian, Ubuntu: apt-get install redis-server\n\
             \x20 Fedora:         dnf install redis\n\
             \x20 macOS:          brew install redis\n\
             It need not run: the example starts its own, on a free port, and keeps nothing.",
        )
    }
}

impl std::error::Error for Missing {}

/// Processes that a Ctrl-C is not for: they end when this one has ended.
trait Apart {
    fn apart(&mut self) -> &mut Self;
}

impl Apart for Command {
    fn apart(&mut self) -> &mut Self {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(self, 0);
        self
    }
}
