//! Gathers records into pages, validating each.

use proto::limit;

use super::{Check, Failed, Page, Record, Sum};

/// Buffers a store's records into pages.
#[derive(Debug, Default)]
pub(crate) struct Spout {
    check: Check,
    page: Page,
    bytes: usize,
}

impl Spout {
    /// Adds a record. Damage is reported when a record is read, not when it is needed.
    pub(crate) fn put(&mut self, record: Record) -> Result<(), Failed> {
        self.check.take(&record)?;
        self.bytes += record.bytes();
        self.page.push(record);
        Ok(())
    }

    /// Returns the buffered records once they fill a page.
    pub(crate) fn full(&mut self) -> Option<Page> {
        if self.bytes < limit::WHOLE_PAGE_BYTES {
            return None;
        }
        self.bytes = 0;
        Some(std::mem::take(&mut self.page))
    }

    /// Returns the last page and the totals.
    pub(crate) fn end(mut self) -> Result<(Page, Sum), Failed> {
        let sum = self.check.sum();
        let end = Record::End(sum);
        self.check.take(&end)?;
        self.page.push(end);
        Ok((self.page, sum))
    }
}
