//! A server with continuous archiving and point-in-time recovery, as in `deploy/BACKUP.md`.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    os::unix::fs::chown,
    path::PathBuf,
};

use super::{Server, account};

impl Server {
    /// Starts a server that archives.
    pub fn archiving() -> Self {
        let mut server = Self::make();
        let archive = server.archive();
        std::fs::create_dir(&archive).unwrap();
        own(&archive);
        let at = archive.display();
        server.settings = vec![
            "wal_level=replica".to_owned(),
            "archive_mode=on".to_owned(),
            format!("archive_command=test ! -f {at}/%f && cp %p {at}/%f"),
            "archive_timeout=60".to_owned(),
        ];
        server.run();
        server
    }

    fn archive(&self) -> PathBuf {
        self.folder.join("archive")
    }

    /// Returns a base backup for this server's archive.
    pub fn base(&self) -> Self {
        self.copied(&["-X", "none"])
    }

    /// Starts a base backup, and recovers it to this moment of the archive.
    pub fn recover(&mut self, of: &Self, until: &str) {
        let data = self.folder.join("data");
        let conf = data.join("postgresql.conf");
        let mut conf = OpenOptions::new().append(true).open(conf).unwrap();
        let archive = of.archive();
        write!(
            conf,
            "\nrestore_command = 'cp {}/%f %p'\nrecovery_target_time = '{until}'\n\
             recovery_target_action = 'promote'\n",
            archive.display()
        )
        .unwrap();
        let signal = data.join("recovery.signal");
        drop(File::create(&signal).unwrap());
        own(&signal);
        self.run();
    }
}

/// Changes a file's owner to the server's account.
fn own(path: &std::path::Path) {
    if let Some(account) = account() {
        chown(path, Some(account.uid), Some(account.gid)).unwrap();
    }
}
