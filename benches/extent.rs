//! How large a site is: files and bytes of each of its folders, and the largest
//! pages.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// A page no larger than this, in bytes, opens at once on any machine.
const LARGE_PAGE: u64 = 200_000;

#[derive(Default)]
struct Extent {
    files: usize,
    bytes: u64,
    largest: (u64, String),
}

/// Prints a table of the site's folders, and every page that is large.
pub fn tell(site: &Path) -> io::Result<()> {
    let mut folders: BTreeMap<String, Extent> = BTreeMap::new();
    let mut large = Vec::new();
    walk(site, "", &mut |path, bytes| {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        let extent = folders.entry(folder.to_owned()).or_default();
        extent.files += 1;
        extent.bytes += bytes;
        extent.largest = (bytes, path.to_owned()).max(std::mem::take(&mut extent.largest));
        if path.ends_with(".html") && bytes > LARGE_PAGE {
            large.push((bytes, path.to_owned()));
        }
    })?;
    println!("\n| folder of the site | files | MB | the largest | KB |\n|---|--:|--:|---|--:|");
    for (folder, extent) in folders {
        println!(
            "| `{folder}/` | {} | {:.1} | `{}` | {} |",
            extent.files,
            extent.bytes as f64 / 1e6,
            extent.largest.1,
            extent.largest.0 / 1000
        );
    }
    large.sort();
    println!("\n{} pages of more than 200 KB", large.len());
    for (bytes, path) in large.iter().rev().take(20) {
        println!("  {} KB {path}", bytes / 1000);
    }
    Ok(())
}

fn walk(folder: &Path, below: &str, each: &mut impl FnMut(&str, u64)) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        let what = entry.metadata()?;
        if what.is_dir() {
            walk(&entry.path(), &format!("{path}/"), each)?;
        } else {
            each(&path, what.len());
        }
    }
    Ok(())
}
