fn value() {
    match (::nebula_memory::BumpAllocator::new(4096)).scope() {
        #[allow(clippy::shadow_reuse, clippy::shadow_same, clippy::shadow_unrelated)]
        mut a => {
            match a.scope() {
                mut a => {
                    let _ = &mut a;
                    { a.alloc(1) }
                }
            }
        }
    }
}
