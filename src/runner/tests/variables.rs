//! Variables of a run, which steps and rules change at the same time.

use super::*;
use std::net::SocketAddr;

/// How often each connection, and the step, adds one.
const TIMES: usize = 100;

fn add(at: SocketAddr) {
    let mut peer = TcpStream::connect(at).unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    for _ in 0..TIMES {
        peer.write_all(b"ADD\n").unwrap();
        peer.read_exact(&mut [0; 3]).unwrap();
    }
}

#[test]
fn steps_and_rules_of_all_sessions_change_one_variable() {
    for connections in [1, 2, 4, 8, 16] {
        let all = (connections * 2 + 1) * TIMES;
        let source = format!(
            "var total = 0\nvar seen = \"\"\nsession a listen tcp://127.0.0.1:0 {{ frame line }}\n\
             session b listen tcp://127.0.0.1:0 {{ frame line }}\n\
             on a: \"ADD\" {{ set total = total + 1; > \"OK\" }}\non b: \"ADD\" {{ set total = total + 1; > \"OK\" }}\n\
             step \"adds\"\nrepeat {TIMES} {{ set total = total + 1 }}\n\
             repeat every 2ms until total == {all} {{ check total <= {all} }}\n"
        );
        let bench = Bench::new();
        let script = Script::new(None, source, &[]).unwrap();
        let (opened, addresses) = bounded(2);
        let peers = spawn_named("peers", move || {
            let both: Vec<SocketAddr> = addresses.iter().take(2).collect();
            let one = |number: usize| {
                let at = both[number % 2];
                spawn_named(format!("peer {number}"), move || add(at)).unwrap()
            };
            (0..connections * 2).map(one).collect::<Vec<_>>().into_iter().for_each(|peer| peer.join().unwrap());
        })
        .unwrap();
        let outcome = run(&script, &bench.options, &mut Addresses(opened)).unwrap();
        assert!(outcome.passed(), "{connections}: {outcome:?}");
        peers.join().unwrap();
    }
}

#[test]
fn a_capture_of_a_rule_sets_the_variable_that_steps_see_and_the_other_way_round() {
    let source = "var last = 0\nvar unit = 1\nsession device listen tcp://127.0.0.1:0 { frame line }\n\
                  session client connect tcp://127.0.0.1:{{port(device)}} { frame line\n within 20s }\n\
                  on device: \"SET {{?last:dec}} {{?mine:dec}}\" { > \"{{unit}}\" }\n\
                  step \"both\"\nset unit = 7\n> client: \"SET 42 1\"\n< client: \"7\"\ncheck last == 42\n\
                  step \"set of a step\"\nset unit = 8\n> client: \"SET 43 1\"\n< client: \"8\"\ncheck last == 43\n";
    let outcome = Bench::new().run(source);
    assert!(outcome.passed(), "{outcome:?}");
}
