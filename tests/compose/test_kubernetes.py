import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from tests.compose.files import KUBERNETES, Json, documents, manifests
from tests.running import ROOT
from worker.gauges import QueueGauges

BIN = Path(sys.executable).parent
FOREIGN = {"kustomization.yaml", "scaler.yaml"}
WORKLOADS = {name: each for name, each in manifests().items() if "template" in each.get("spec", {})}


def pod(name: str) -> Json:
    found: Json = WORKLOADS[name]["spec"]["template"]["spec"]
    return found


def test_the_manifests_are_of_kubernetes_schemas() -> None:
    files = [str(path) for path in sorted(KUBERNETES.glob("*.yaml")) if path.name not in FOREIGN]
    command = [str(BIN / "kubernetes-validate"), "--strict", "--quiet", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_kustomize_names_every_file_and_image() -> None:
    kustomization = documents(KUBERNETES / "kustomization.yaml")[0]
    there = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == there
    used = {each["image"] for name in WORKLOADS for each in pod(name)["containers"]}
    named = {each["name"] for each in kustomization["images"]}
    assert named == {image for image in used if ":" not in image}


def test_kustomize_cannot_reach_outside_so_the_script_is_there_twice() -> None:
    script = KUBERNETES / "10-bellhop.sh"
    assert script.read_text() == (ROOT / "compose/postgres/10-bellhop.sh").read_text()


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_pod_is_locked_down_and_bounded(name: str) -> None:
    spec = pod(name)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in [*spec["containers"], *spec.get("initContainers", [])]:
        locked = container["securityContext"]
        assert locked["readOnlyRootFilesystem"] is True
        assert locked["allowPrivilegeEscalation"] is False
        assert locked["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys()


@pytest.mark.parametrize("name", [name for name in WORKLOADS if not name.startswith("Job/")])
def test_what_stays_up_is_probed(name: str) -> None:
    for container in pod(name)["containers"]:
        assert {"livenessProbe"} <= container.keys()
        assert {"startupProbe", "readinessProbe"} & container.keys()


def test_no_data_is_published() -> None:
    for name, each in manifests().items():
        if name.startswith("Service/"):
            assert each["spec"].get("type", "ClusterIP") == "ClusterIP"


def test_names_fit_each_other() -> None:
    every = manifests()
    for name in ("redis", "postgres"):
        assert every[f"StatefulSet/{name}"]["spec"]["serviceName"] == name
        assert every[f"Service/{name}"]["spec"]["selector"] == {"app": name}
    target = every["ScaledObject/worker"]["spec"]["scaleTargetRef"]["name"]
    assert f"Deployment/{target}" in every
    assert "replicas" not in every["Deployment/worker"]["spec"]


def test_the_scaler_asks_for_the_age_of_the_oldest_due_command() -> None:
    spec = manifests()["ScaledObject/worker"]["spec"]
    trigger = spec["triggers"][0]["metadata"]
    assert trigger["query"] == 'max(bellhop_queue_oldest_due_seconds{queue="interactive"})'
    assert spec["minReplicaCount"] >= 2
    registry = CollectorRegistry()
    QueueGauges(registry)
    assert "bellhop_queue_oldest_due_seconds" in {metric.name for metric in registry.collect()}
