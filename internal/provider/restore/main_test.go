package restore_test

import (
	"os"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

func TestMain(m *testing.M) { os.Exit(acctest.TestMain(m)) }
