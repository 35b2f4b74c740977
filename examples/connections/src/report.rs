//! What is printed, and whether all of it was as it should be.

use std::fmt::Display;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use nebula_memory::pool::PoolStats;

use crate::server::{LONG, Server};

/// Prints what happens, and counts what should not have.
#[derive(Debug)]
pub struct Report {
    colour: bool,
    /// Printed before the next line.
    who: &'static str,
    /// The room for that.
    width: usize,
    checks: usize,
    failed: usize,
}

impl Default for Report {
    fn default() -> Self {
        Self { colour: std::io::stdout().is_terminal(), who: "", width: 0, checks: 0, failed: 0 }
    }
}

impl Report {
    /// A part of the program begins.
    pub fn part(&mut self, title: &str, about: &str) {
        self.width = 0;
        println!("\n{}  {about}", self.paint("1", title));
    }

    /// Something is about to happen.
    pub fn event(&mut self, what: &str) {
        println!("\n  {what}");
        self.width = 0;
    }

    /// Whose the next lines are.
    pub fn who(&mut self, who: &'static str) {
        self.who = who;
        self.width = 9;
    }

    /// Something that is to be so, and whether it is.
    pub fn expect(&mut self, holds: bool, what: impl Display) {
        self.checks += 1;
        self.failed += usize::from(!holds);
        let mark = if holds { self.paint("32", "✓") } else { self.paint("31;1", "✗ NOT SO:") };
        println!("    {:<width$}{mark} {what}", self.who, width = self.width);
        self.who = "";
    }

    /// The books of a pool that nobody uses just now: do they balance, and does the server see as many connections?
    pub fn books(&mut self, stats: &PoolStats, server: Option<&Server>) {
        let (sums, balance) = (sums(stats), stats.is_balanced());
        let Some(server) = server else { return self.expect(balance, format_args!("the books: {sums}")) };
        // A connection is closed here before the server hears of it.
        let seen = settle(stats.size, || server.clients().unwrap_or(usize::MAX));
        self.expect(balance && seen == stats.size, format_args!("the books: {sums}; redis sees {seen}"));
    }

    /// How many things were looked at.
    pub const fn checks(&self) -> usize {
        self.checks
    }

    /// How many of them were not as they should be.
    pub const fn failed(&self) -> usize {
        self.failed
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The books, as a line.
pub fn sums(stats: &PoolStats) -> String {
    let PoolStats { created, adopted, destroyed, detached, idle, held, .. } = *stats;
    let adopted_text = if adopted > 0 { format!(" + {adopted} adopted") } else { String::new() };
    let detached_text = if detached > 0 { format!(" + {detached} detached") } else { String::new() };
    format!(
        "{created} created{adopted_text} = {destroyed} destroyed{detached_text} + {idle} idle + {held} held"
    )
}

/// Looks until it is as wanted, or until it is in vain; what it is then.
pub fn settle<T: Copy + PartialEq>(wanted: T, mut look: impl FnMut() -> T) -> T {
    let until = Instant::now() + LONG;
    loop {
        let is = look();
        if is == wanted || Instant::now() > until {
            return is;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, sums};
    use nebula_memory::pool::ObjectPool;

    #[test]
    fn books_that_do_not_balance_are_counted() {
        let pool = ObjectPool::new(2, String::new);
        let _held = pool.acquire().unwrap();
        drop(pool.acquire().unwrap());
        let mut stats = pool.stats();
        let mut report = Report::default();
        report.books(&stats, None);
        assert_eq!((report.checks(), report.failed()), (1, 0));
        assert_eq!(sums(&stats), "2 created = 0 destroyed + 1 idle + 1 held");
        stats.destroyed += 1;
        report.books(&stats, None);
        assert_eq!((report.checks(), report.failed()), (2, 1));
    }
}
