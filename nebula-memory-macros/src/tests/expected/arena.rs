/// Docs.
pub async fn render<'p>(page: &'p Page) -> Result<&'p str, Error> {
    #![allow(unused)]
    let mut arena = ::nebula_memory::__private::Scratch::with_capacity(64 * KIB);
    #[allow(
        unused_mut,
        unused_variables,
        clippy::shadow_reuse,
        clippy::shadow_same,
        clippy::shadow_unrelated
    )]
    let mut arena = ::nebula_memory::__private::Scratch::scope(&mut arena);
    {
        let words = arena.alloc_str(page.text()?);
        Ok(page.find(words).await?)
    }
}
