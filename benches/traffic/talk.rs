//! Talk files: the intervals of a list, the answer of a rule, many clients each with state of its own.

use super::beside::{alternate, seconds};
use super::clients::crowd;
use super::plain::Plain;
use super::program::Program;
use super::repeat::{Errors, errors};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Clients that ask at once in the second turn.
const AT_ONCE: usize = 256;
/// As long as an echo of `clients` and `echo`.
const MESSAGE_LEN: usize = 64;

/// A talk file in a folder of its own.
struct File {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl File {
    fn new(source: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bench.talk");
        std::fs::write(&path, source).expect("written");
        Self { path, _folder: folder }
    }

    fn path(&self) -> &str {
        self.path.to_str().expect("UTF-8")
    }
}

/// Error of each interval of `repeat … every` in `run`, as seen by the receiver, beside a sleeping loop.
pub fn list(sends: u64, rounds: u64) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let address = listener.local_addr().expect("address").to_string();
    println!("list: |interval - asked| at the receiver, {rounds} rounds, medians of the rounds");
    for every in [1, 10, 100].map(Duration::from_millis) {
        // More sends for short intervals, so that the 99th percentile is meaningful.
        let count = sends * (100 / every.as_millis().min(100) as u64).clamp(1, 10);
        let file = File::new(&format!(
            "session connect tcp://{address}\nstep \"list\"\nrepeat {count} every {}ms {{\n> \"tick\"\n}}\n",
            every.as_millis()
        ));
        let arguments = [address.clone(), every.as_micros().to_string(), count.to_string()];
        let (mut plain, mut ours) = (Vec::new(), Vec::new());
        for round in 0..=rounds.max(1) {
            let of_plain = {
                let _plain = Plain::start("repeat", &arguments);
                errors(&listener, every)
            };
            let of_ours = {
                let _program = Program::start(&["run", file.path()]);
                errors(&listener, every)
            };
            if round > 0 {
                plain.push(of_plain);
                ours.push(of_ours);
            }
        }
        let (plain, ours) = (Errors::median(&plain), Errors::median(&ours));
        println!("  every {every:?}, plain sleeping loop: {plain}");
        println!("  every {every:?}, run, repeat every:   {ours}");
        println!("  p99 ours / plain {:.2}", ours.p99.as_secs_f64() / plain.p99.as_secs_f64());
    }
}

/// Median time from a request of 64 bytes to the whole answer of a rule, beside a plain epoll echo. The program stores the request,
/// cuts it into a frame, matches it and composes the answer.
pub fn rule(trips: u64, rounds: u64) {
    let mut plain_echo = Plain::start("echo", &[]);
    let answer = "a".repeat(MESSAGE_LEN - 1);
    let one = File::new(&format!("on {{{{?first:u8}}}} * {{ > {{{{first:u8}}}} \"{answer}\" }}\n"));
    let others: String = (0..50).map(|number| format!("on FF {number:02X} * {{ > \"never\" }}\n")).collect();
    let many = File::new(&format!("{others}on {{{{?first:u8}}}} * {{ > {{{{first:u8}}}} \"{answer}\" }}\n"));
    let start = |file: &File| {
        let framing = format!("fixed:{MESSAGE_LEN}");
        Program::start(&["listen", "tcp://127.0.0.1:0", "--show", "none", "--frame", &framing, "--talk", file.path()])
    };
    let (mut one_rule, mut many_rules) = (start(&one), start(&many));
    let (to_plain, to_one, to_many) = (plain_echo.local(), one_rule.local(), many_rules.local());
    let [plain, ours, behind] =
        alternate(rounds, [&mut || trip(to_plain, trips), &mut || trip(to_one, trips), &mut || trip(to_many, trips)]);
    println!("rule: p50 of {trips} requests of 64 bytes and answers, {rounds} rounds, median (spread)");
    println!("  plain epoll echo     {plain}");
    println!("  the only rule        {ours}, ours / plain {:.2}", ours.median() / plain.median());
    println!("  behind 50 other rules {behind}, ours / plain {:.2}", behind.median() / plain.median());
}

/// The median of `trips` requests in seconds. The answer differs from the request, as a peer that repeats our answers is stopped.
fn trip(to: SocketAddr, trips: u64) -> f64 {
    let mut stream = TcpStream::connect(to).expect("connect");
    stream.set_nodelay(true).expect("nodelay");
    let (request, mut answer) = ([7; MESSAGE_LEN], [0; MESSAGE_LEN]);
    let mut taken: Vec<f64> = (0..trips)
        .map(|_| {
            let begin = Instant::now();
            stream.write_all(&request).expect("written");
            stream.read_exact(&mut answer).expect("the answer");
            assert_eq!(answer[0], 7);
            begin.elapsed().as_secs_f64()
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}

/// Clients that each have a count of their own: all connect, ask and are answered, then all ask once more.
pub fn devices(number: u64, rounds: u64) {
    println!("devices: {number} clients, each with a count of its own; {rounds} rounds, median (spread)");
    let file =
        File::new("on open { set count = 0; set name = peer }\non * { set count = count + 1; > \"{{count:064}}\" }\n");
    let (mut memory, mut plain_memory) = (Vec::new(), Vec::new());
    let [plain, ours] = alternate(
        rounds,
        [
            &mut || {
                let mut plain = Plain::start("echo", &[]);
                let to = plain.local();
                let before = plain.resident_kib();
                let (taken, _clients) = crowd(to, number as usize);
                plain_memory.push(plain.resident_kib().saturating_sub(before));
                taken
            },
            &mut || {
                let framing = format!("fixed:{MESSAGE_LEN}");
                let options = ["listen", "tcp://127.0.0.1:0", "--show", "none", "--frame", &framing, "--talk"];
                let mut program = Program::start(&[&options[..], &[file.path()]].concat());
                let to = program.local();
                let before = program.resident_kib();
                let (taken, clients) = crowd(to, number as usize);
                memory.push(program.resident_kib().saturating_sub(before));
                let again = seconds(|| ask_again(clients));
                println!("  all {number} answered twice; the second turn took {:.0} ms", again * 1e3);
                taken
            },
        ],
    );
    let per_client = |kib: &mut Vec<u64>| {
        kib.sort_unstable();
        kib[kib.len() / 2] as f64 / number as f64
    };
    println!("  plain epoll server  {}", plain.rate(number as f64, "clients"));
    println!("  listen --talk       {}", ours.rate(number as f64, "clients"));
    println!("  ratio {:.2}", ours.ratio_to(&plain));
    println!(
        "  memory for each client: {:.2} KiB, plain {:.2} KiB",
        per_client(&mut memory),
        per_client(&mut plain_memory)
    );
}

/// Each client asks once more and must get its own count, 2.
fn ask_again(clients: Vec<mio::net::TcpStream>) {
    let mut clients: Vec<TcpStream> = clients.into_iter().map(TcpStream::from).collect();
    let mut answer = [0; MESSAGE_LEN];
    for part in clients.chunks_mut(AT_ONCE) {
        for client in &mut *part {
            client.set_nonblocking(false).expect("blocking");
            client.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
            client.write_all(&[b'?'; MESSAGE_LEN]).expect("written");
        }
        for client in part {
            client.read_exact(&mut answer).expect("an answer");
            assert!(answer.ends_with(b"02") && answer.starts_with(b"00"), "{:?}", String::from_utf8_lossy(&answer));
        }
    }
}
