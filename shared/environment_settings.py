"""The base of all settings: how pydantic reads what `shared.environment` finds."""

from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.environment import environment, setting


class EnvironmentSource(PydanticBaseSettingsSource):
    """Reads each setting from `NAME` or `NAME_FILE`, in the environment or in a .env file."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - pydantic-settings' own signature
        """Return what is said of one setting."""
        return setting(field_name.upper(), environment()), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return what is said of every setting of which anything is said."""
        variables = environment()
        found = {name: setting(name.upper(), variables) for name in self.settings_cls.model_fields}
        return {name: value for name, value in found.items() if value is not None}


class EnvironmentSettings(BaseSettings):
    """Base of all settings: arguments win over what the environment says."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings' own signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings' own signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings' own signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read environment and .env file as one: a NAME_FILE there has to win over a NAME here."""
        return init_settings, EnvironmentSource(settings_cls)
