"""Pages made of the templates in `premix/templates`: each an HTML document that stands alone."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def html_page(template: str, **told: Any) -> str:
    """The document; text is escaped, and a name that nothing was told for is an error."""
    environment = Environment(
        loader=PackageLoader("premix"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**told)
