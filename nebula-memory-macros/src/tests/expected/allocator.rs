fn value() {
    match (::nebula_memory::BumpAllocator::new(4096)).scope() {
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
