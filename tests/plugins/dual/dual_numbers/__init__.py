"""A backend of dual numbers: what it is, without importing what it needs."""

from harness.contract import Declaration

declaration = Declaration(
    name="dual",
    adapter="dual_numbers.adapter:Dual",
    variants={"plain": "one dual number after another"},
    requires="numpy",
    install="pip install dual-numbers",
    no_device={"cuda": "dual numbers are NumPy arrays, which live on the CPU"},
)
