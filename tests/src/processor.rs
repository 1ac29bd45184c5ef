//! One CPU of this machine, and programs that keep it busy. It needs no privileges.

use std::process::{Child, Command, Stdio};

/// Programs that spin on a CPU until this is dropped.
#[derive(Debug)]
pub struct Busy(Vec<Child>);

impl Drop for Busy {
    fn drop(&mut self) {
        for program in &mut self.0 {
            program.kill().ok();
            program.wait().ok();
        }
    }
}

impl Busy {
    /// Starts so many on the CPU that [`only`] leaves to a node.
    ///
    /// # Panics
    ///
    /// When they cannot be started: without them these tests prove nothing.
    pub fn start(count: usize) -> Self {
        // They end with these tests, however those end.
        let spin = format!(
            "while [ -d /proc/{} ]; do n=0; while [ $n -lt 99999 ]; do n=$((n+1)); done; done",
            std::process::id()
        );
        let each = (0..count).map(|_| {
            let mut program = Command::new("taskset");
            program.args(["-c", &first(), "sh", "-c", &spin]);
            let started = program.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
            started.expect("taskset is there: apt-get install util-linux")
        });
        Self(each.collect())
    }
}

/// Returns a shell command that limits the node started after it to one CPU, at this niceness.
pub fn only(niceness: u8) -> String {
    format!(
        "taskset -p -c {} $$ >/dev/null && renice -n {niceness} -p $$ >/dev/null || exit 97",
        first()
    )
}

/// Returns the number of the first CPU that this process may use.
fn first() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap();
    list.trim().split([',', '-']).next().unwrap().to_owned()
}
