// SPDX-License-Identifier: GPL-3.0-or-later
// A libcuda.so.1 that says what a test wants, so that the way to the GPU is tested without one.

namespace {

int g_version = 13000;
int g_init_error = 0;
int g_devices = 1;
int g_capability = 90;

}  // namespace

#define FAKE_DRIVER_EXPORT extern "C" __attribute__((visibility("default")))

FAKE_DRIVER_EXPORT void fakeDriverSays(int version, int init_error, int devices) {
  g_version = version;
  g_init_error = init_error;
  g_devices = devices;
}

/// 75: compute capability 7.5
FAKE_DRIVER_EXPORT void fakeGpusAre(int capability) {
  g_capability = capability;
}

FAKE_DRIVER_EXPORT int cuInit(unsigned /*flags*/) {
  return g_init_error;
}

FAKE_DRIVER_EXPORT int cuDriverGetVersion(int* version) {
  *version = g_version;
  return 0;
}

FAKE_DRIVER_EXPORT int cuDeviceGetCount(int* count) {
  *count = g_devices;
  return 0;
}

FAKE_DRIVER_EXPORT int cuDeviceGet(int* device, int index) {
  *device = index;
  return index < g_devices ? 0 : 101;
}

FAKE_DRIVER_EXPORT int cuDeviceGetAttribute(int* value, int attribute, int /*device*/) {
  *value = attribute == 75 ? g_capability / 10 : g_capability % 10;
  return attribute == 75 || attribute == 76 ? 0 : 1;
}

FAKE_DRIVER_EXPORT int cuDeviceGetName(char* name, int length, int /*device*/) {
  const char text[] = "Fake GPU";
  for (int i = 0; i < length && i < static_cast<int>(sizeof text); ++i) {
    name[i] = text[i];
  }
  return 0;
}
