//! Names that people give, as parts of addresses and file names.

use std::collections::HashSet;

/// A name for each, of letters and digits of any script, `-` and `_`: no two
/// are the same, whether or not a file system tells capitals apart. What is
/// too long, or would be the same as another, ends in a hash of the whole.
pub fn slugs(names: &[&str]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut twice = HashSet::new();
    for name in names {
        let (Ok(slug) | Err(slug)) = slug(name);
        if !seen.insert(slug.clone()) {
            twice.insert(slug);
        }
    }
    names
        .iter()
        .map(|name| match slug(name) {
            Ok(slug) if !twice.contains(&slug) => slug,
            Ok(slug) | Err(slug) => {
                let hash = blake3::hash(name.as_bytes()).to_hex();
                format!("{slug}-{}", &hash.as_str()[..8])
            }
        })
        .collect()
}

/// A name in small letters, `-` for all that is no letter or digit; in error
/// the beginning of one too long, or one of which nothing is left.
fn slug(name: &str) -> Result<String, String> {
    // file systems allow 255 bytes; a Chinese character has three
    const LONGEST: usize = 60;
    let mut slug = String::new();
    for (index, c) in name.to_lowercase().chars().enumerate() {
        if index == LONGEST {
            return Err(slug);
        }
        if c.is_alphanumeric() || c == '_' {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let trimmed = slug.trim_matches('-');
    if trimmed.is_empty() {
        return Err("x".to_owned());
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_share_a_file() {
        let long = "很".repeat(90);
        let longer = "很".repeat(91);
        let names = [
            "S3",
            "s3",
            "智能手表/S4",
            "智能手表 S4",
            "…",
            "。",
            &long,
            &longer,
            "A_1",
        ];
        let found = slugs(&names);
        let different: HashSet<&String> = found.iter().collect();
        assert_eq!(different.len(), names.len(), "{found:?}");
        assert!(found[0].starts_with("s3-"), "{}", found[0]);
        assert!(found[2].starts_with("智能手表-s4-"), "{}", found[2]);
        assert!(found[6].len() <= 190, "{}", found[6].len());
        assert_eq!(found[8], "a_1");
    }
}
