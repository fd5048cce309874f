//! What a page's table can be taken along as.

use super::context::Context;
use super::view::view;
use crate::exchange::Item;

view! {
    /// A file to take along.
    TakeLink {
        label: String,
        /// The same with what it is of, for those who hear links one by one.
        full: String,
        href: String,
    }
}

impl Context<'_> {
    /// The files of a thing, for a page at this depth; none where the viewer
    /// may not have it. `of` is what the page calls it.
    pub fn take(&self, item: &Item, of: &str, root: &str) -> Vec<TakeLink> {
        if !item.is_for(self.outlook) {
            return Vec::new();
        }
        let formats = item.formats(self.outlook).iter();
        formats
            .map(|format| {
                let label = self.word(format.word());
                let values = [("of", of), ("format", label)];
                TakeLink {
                    label: label.to_owned(),
                    full: self.words.filled("exchange.format.of", &values),
                    href: format!("{root}{}", item.path(self.outlook, *format)),
                }
            })
            .collect()
    }
}
