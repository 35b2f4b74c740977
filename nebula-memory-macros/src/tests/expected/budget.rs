fn value() {
    match (
        ::nebula_memory::__private::limit(8 * MIB),
        ::nebula_memory::__private::limit(1048576),
        ::nebula_memory::__private::limit(soft()),
    ) {
        (total, per_alloc, soft) => {
            ::nebula_memory::__private::budget::<
                ::nebula_memory::Shared,
            >(total, ::nebula_memory::__private::Option::Some(per_alloc))
                .with_soft_limit(
                    ::nebula_memory::__private::soft_limit(soft, total),
                    &notify,
                )
        }
    }
}
